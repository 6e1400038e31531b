using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Instances;

internal static partial class EngineObserverLog
{
    [LoggerMessage(1101, LogLevel.Information, "The container engine answers; it has {Count} instances of this installation")]
    public static partial void Connected(ILogger logger, int count);

    [LoggerMessage(1102, LogLevel.Warning, "The container engine does not answer: {Reason}. Running instances go on serving; nothing can be changed until it is back")]
    public static partial void Disconnected(ILogger logger, string reason);

    [LoggerMessage(1103, LogLevel.Warning, "The container engine could not list its instances: {Reason}. Trying again")]
    public static partial void ListFailed(ILogger logger, string reason);

    [LoggerMessage(1104, LogLevel.Warning, "Instance {InstanceId} could not be looked at: {Reason}")]
    public static partial void LookFailed(ILogger logger, string instanceId, string reason);
}
