namespace Sanbashi.Engines;

/// <summary>
/// Where a reader of logs stands: read from this stamp on (inclusive, since stamps repeat), this many lines are known already. Only the engine that made it
/// can make use of it.
/// </summary>
/// <param name="Nanoseconds">The stamp as Unix time in nanoseconds; <paramref name="Timestamp"/> cannot hold all digits.</param>
/// <param name="CountAtStamp">Lines known that have this stamp or a later one.</param>
public sealed record LogCursor(DateTimeOffset Timestamp, long Nanoseconds, int CountAtStamp);

/// <param name="Text">Without its line end; at most 256 KiB, longer lines come in pieces.</param>
/// <param name="Cursor">What to go on from after this line.</param>
public sealed record LogLine(DateTimeOffset Timestamp, bool IsError, string Text, LogCursor Cursor);
