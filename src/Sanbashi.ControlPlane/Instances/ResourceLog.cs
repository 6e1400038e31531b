using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Instances;

internal static partial class ResourceLog
{
    [LoggerMessage(1301, LogLevel.Warning, "What instances use could not be read: {Reason}. Trying again every ten seconds; until then processor time and memory are as they were")]
    public static partial void NotRead(ILogger logger, string reason);
}
