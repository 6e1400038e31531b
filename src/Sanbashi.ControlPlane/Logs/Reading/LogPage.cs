namespace Sanbashi.ControlPlane.Logs;

/// <summary>Lines in ascending order.</summary>
/// <param name="Next">Where the next page in the same direction goes on; null when nothing was passed, so that the position is still the one that was given.</param>
/// <param name="IsEnd">Nothing lies beyond this page at the moment.</param>
public sealed record LogPage(IReadOnlyList<LogRecord> Records, LogPosition? Next, bool IsEnd);
