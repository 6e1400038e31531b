using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Logs;

/// <summary>What the logs log of themselves. Event ids 3000 to 3099.</summary>
internal static partial class LogsLog
{
    [LoggerMessage(3000, LogLevel.Error, "An event of service {ServiceId} could not be written to its log ({Reason}): {Text}")]
    public static partial void EventNotWritten(this ILogger logger, string serviceId, string reason, string text);

    [LoggerMessage(3001, LogLevel.Warning, "Reading the output of {Container} of instance {InstanceId} failed and is tried again in {Delay}: {Reason}")]
    public static partial void ReadingAgain(this ILogger logger, string container, string instanceId, TimeSpan delay, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "The output of {Container} of instance {InstanceId} cannot be read: {Reason}")]
    public static partial void CannotRead(this ILogger logger, string container, string instanceId, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "The owner of logs in {Path} cannot be read: {Reason}")]
    public static partial void OwnerUnreadable(this ILogger logger, string path, string reason);

    [LoggerMessage(3004, LogLevel.Warning, "Looking through the logs of service {ServiceId} for what is too old or too much failed: {Reason}")]
    public static partial void SweepFailed(this ILogger logger, string serviceId, string reason);
}
