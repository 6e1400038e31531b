namespace Sanbashi.ControlPlane.Logs;

/// <summary>One line of a log.</summary>
/// <param name="Nanoseconds">Since the Unix epoch. Within one file no two lines have the same, and they only grow.</param>
/// <param name="Stream">The stream's name within its group: <c>events</c>, <c>deployment/ID</c>, <c>instance/ID</c>, <c>access</c>.</param>
/// <param name="Source">The container that wrote it; empty for what the platform says.</param>
/// <param name="Text">Without its line end; may have line ends inside.</param>
public sealed record LogRecord(long Nanoseconds, string Stream, string Source, LogOrigin Origin, string Text)
{
    public DateTimeOffset Timestamp => LogTime.Moment(Nanoseconds);

    public LogPosition Position => new(Nanoseconds, $"{Stream}|{Source}");
}
