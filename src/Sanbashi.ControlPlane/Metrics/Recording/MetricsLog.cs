using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Metrics.Recording;

internal static partial class MetricsLog
{
    [LoggerMessage(1401, LogLevel.Warning, "The numbers of the last minute could not be written: {Reason}. Up to {Minutes} minutes are kept in memory and written when the store can be written again")]
    public static partial void NotWritten(ILogger logger, string reason, int minutes);

    [LoggerMessage(1403, LogLevel.Warning, "Which services there are could not be read for recording what they do: {Reason}. Trying again in a minute")]
    public static partial void ServicesNotRead(ILogger logger, string reason);

    [LoggerMessage(1402, LogLevel.Warning, "Old numbers could not be removed from the store: {Reason}. Trying again in an hour")]
    public static partial void NotForgotten(ILogger logger, string reason);
}
