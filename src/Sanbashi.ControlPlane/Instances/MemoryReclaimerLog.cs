using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Instances;

internal static partial class MemoryReclaimerLog
{
    [LoggerMessage(1321, LogLevel.Information, "The kernel took back {Kilobytes} kB of {Count} long-frozen instances")]
    public static partial void Reclaimed(ILogger logger, long kilobytes, int count);

    [LoggerMessage(1322, LogLevel.Warning, "Memory of the frozen instance {InstanceId} could not be offered to the machine: {Reason}. It is tried again in a minute")]
    public static partial void NotReclaimed(ILogger logger, string instanceId, string reason);
}
