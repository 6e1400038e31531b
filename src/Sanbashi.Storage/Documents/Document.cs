namespace Sanbashi.Storage;

/// <param name="Name">A second key that queries may use (not unique by itself).</param>
/// <param name="Parent">The id of what it belongs to, for queries.</param>
/// <param name="Version">Grows by one with every write, starting at 1.</param>
/// <param name="CreatedSequence">Creation order over the whole store.</param>
/// <param name="Body">JSON.</param>
public sealed record Document(DocumentKey Key, string? Name, string? Parent, long Version, long CreatedSequence, string Body);
