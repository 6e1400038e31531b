using Microsoft.Extensions.Logging;

namespace Sanbashi.Gateway;

/// <summary>Everything the gateway process says about itself, with event ids in one list.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(1, LogLevel.Information, "Gateway {GatewayId} serves {Listeners} with {Services} services of sequence {Sequence}")]
    public static partial void Started(this ILogger logger, string gatewayId, string listeners, int services, long sequence);

    [LoggerMessage(2, LogLevel.Information, "Gateway stops: no new connections, {InFlight} requests in flight may finish within {DrainTimeout}")]
    public static partial void Stopping(this ILogger logger, int inFlight, TimeSpan drainTimeout);

    [LoggerMessage(3, LogLevel.Information, "Gateway drain time is over: ending {InFlight} requests that are still open")]
    public static partial void DrainTimeOver(this ILogger logger, int inFlight);

    [LoggerMessage(4, LogLevel.Information, "Gateway stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(10, LogLevel.Warning, "Service {ServiceId}: instance {InstanceId} at {Address} refused a connection and gets no requests until the control plane confirms it: {Error}")]
    public static partial void InstanceEjected(this ILogger logger, string serviceId, string instanceId, string address, string? error);

    [LoggerMessage(11, LogLevel.Information, "Service {ServiceId}: instance {InstanceId} answers again while the control plane is away and gets requests again")]
    public static partial void InstanceReadmitted(this ILogger logger, string serviceId, string instanceId);

    [LoggerMessage(12, LogLevel.Warning, "Host {Host} is claimed by service {FirstServiceId} and by {SecondServiceId}; the first keeps it")]
    public static partial void HostClaimedTwice(this ILogger logger, string host, string firstServiceId, string secondServiceId);

    [LoggerMessage(13, LogLevel.Error, "Forwarding {RequestId} to {ServiceId} failed in the gateway itself")]
    public static partial void ExchangeFailed(this ILogger logger, string requestId, string? serviceId, Exception exception);

    [LoggerMessage(20, LogLevel.Information, "Connected to the control plane at {Path}, protocol version {Version}")]
    public static partial void LinkConnected(this ILogger logger, string path, int version);

    [LoggerMessage(21, LogLevel.Warning, "Link to the control plane at {Path} lost, serving the last routes: {Reason}")]
    public static partial void LinkLost(this ILogger logger, string path, string reason);

    [LoggerMessage(22, LogLevel.Error, "The control plane at {Path} speaks protocol version {Version}; this gateway understands {Oldest} to {Newest}. Update the older of the two")]
    public static partial void LinkVersionMismatch(this ILogger logger, string path, int version, int oldest, int newest);

    [LoggerMessage(30, LogLevel.Error, "Writing the routing snapshot {Path} failed; the gateway goes on, but would start again from older routes")]
    public static partial void SnapshotNotWritten(this ILogger logger, string path, Exception exception);

    [LoggerMessage(31, LogLevel.Error, "Reading the routing snapshot {Path} failed; starting without routes until the control plane is there: {Reason}")]
    public static partial void SnapshotNotRead(this ILogger logger, string path, string reason);

    [LoggerMessage(40, LogLevel.Information, "Certificates reloaded ({Count})")]
    public static partial void CertificatesReloaded(this ILogger logger, int count);

    [LoggerMessage(41, LogLevel.Error, "Changed certificate files cannot be used; the previous certificates stay in use")]
    public static partial void CertificatesNotReloaded(this ILogger logger, Exception exception);

    [LoggerMessage(50, LogLevel.Warning, "{Count} access log lines dropped because the disk is too slow ({Total} since the start)")]
    public static partial void AccessLogDropped(this ILogger logger, long count, long total);

    [LoggerMessage(51, LogLevel.Error, "Writing {Count} access log lines of service {ServiceId} failed; they are lost")]
    public static partial void AccessLogNotWritten(this ILogger logger, string serviceId, int count, Exception exception);

    [LoggerMessage(60, LogLevel.Warning, "Memory: {Level}, {UsedMiB} MiB of {CeilingMiB} MiB are used")]
    public static partial void MemoryLevel(this ILogger logger, string level, long usedMiB, long ceilingMiB);
}
