using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Logs.Files;

/// <summary>One line as it lies in a file.</summary>
/// <param name="Cursor">Where the engine's log goes on after this line; null where no line before came from an engine.</param>
/// <param name="IsMark">Only carries a cursor; nobody wrote it.</param>
internal readonly record struct StoredLine(long Nanoseconds, LogOrigin Origin, string Source, string Text, LogCursor? Cursor, bool IsMark);
