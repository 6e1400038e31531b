using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Instances;

internal static partial class HealthLog
{
    [LoggerMessage(1201, LogLevel.Debug, "Which ports instance {InstanceId} listens on could not be found out: {Reason}")]
    public static partial void PortsUnknown(ILogger logger, string instanceId, string reason);
}
