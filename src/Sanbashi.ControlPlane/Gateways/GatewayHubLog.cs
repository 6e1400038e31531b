using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Gateways;

internal static partial class GatewayHubLog
{
    [LoggerMessage(1, LogLevel.Information, "Listening for gateways at {Path}")]
    public static partial void HubListens(this ILogger logger, string path);

    [LoggerMessage(2, LogLevel.Information, "Gateway {GatewayId} connected with routes of sequence {Sequence}, protocol version {Version}")]
    public static partial void GatewayConnected(this ILogger logger, string gatewayId, long sequence, int version);

    [LoggerMessage(3, LogLevel.Information, "Gateway {GatewayId} disconnected")]
    public static partial void GatewayLeft(this ILogger logger, string gatewayId);

    [LoggerMessage(4, LogLevel.Warning, "Gateway {GatewayId} disconnected: {Reason}")]
    public static partial void GatewayLetGo(this ILogger logger, string gatewayId, string reason);

    [LoggerMessage(5, LogLevel.Error, "Gateway {GatewayId} speaks protocol version {Version}; this control plane understands {Oldest} and later. Update the gateway")]
    public static partial void GatewayTooOld(this ILogger logger, string gatewayId, int version, int oldest);

    [LoggerMessage(6, LogLevel.Warning, "A connection to the gateway socket was dropped: {Reason}")]
    public static partial void ConnectionDropped(this ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Warning, "Gateway {GatewayId}: instance {InstanceId} of service {ServiceId} gets no requests any more: {Reason}")]
    public static partial void InstanceEjected(this ILogger logger, string gatewayId, string instanceId, string serviceId, string reason);

    [LoggerMessage(8, LogLevel.Error, "A listener to gateway signals of service {ServiceId} failed")]
    public static partial void SignalListenerFailed(this ILogger logger, string serviceId, Exception exception);
}
