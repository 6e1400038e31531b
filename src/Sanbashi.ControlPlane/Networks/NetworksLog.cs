using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Networks;

/// <summary>Messages of networks, event ids 1701 to 1799.</summary>
internal static partial class NetworksLog
{
    [LoggerMessage(1701, LogLevel.Warning, "The networks of VPCs could not be laid out: {Reason}. Trying again")]
    public static partial void NotApplied(ILogger logger, string reason);
}
