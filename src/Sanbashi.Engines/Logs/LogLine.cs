namespace Sanbashi.Engines;

/// <summary>Where a reader of logs stands: the engine's time stamp and how many lines with that very stamp were read (stamps repeat and "since" is inclusive).</summary>
public sealed record LogCursor(DateTimeOffset Timestamp, long Nanoseconds, int CountAtStamp);

public sealed record LogLine(DateTimeOffset Timestamp, bool IsError, string Text, LogCursor Cursor);
