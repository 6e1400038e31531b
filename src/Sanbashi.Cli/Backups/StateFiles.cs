namespace Sanbashi.Cli.Backups;

/// <summary>Which files of a state folder are state. All but the store itself, which has its own way, and what the next start makes anew.</summary>
internal static class StateFiles
{
    public const string SqliteFile = "sanbashi.db";

    /// <summary>A restore under way, in a state folder that cannot be renamed.</summary>
    public const string Restoring = ".restoring";

    /// <summary>What was there before a restore.</summary>
    public const string KeptPrefix = "before-";

    // The database comes with companions (-wal, -shm, .lock) that mean nothing without it.
    private static readonly string[] _notState = ["run/", "gateway/", SqliteFile, Restoring + "/", KeptPrefix];

    public static bool IsKept(string name) => name.StartsWith(KeptPrefix, StringComparison.Ordinal);

    /// <summary>Paths relative to the folder, in order.</summary>
    public static IReadOnlyList<string> List(string stateDirectory, bool withLogs) =>
    [
        .. Directory.EnumerateFiles(stateDirectory, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(stateDirectory, path))
            .Where(path => !_notState.Any(excluded => path.StartsWith(excluded, StringComparison.Ordinal)))
            .Where(path => withLogs || !path.StartsWith("logs/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
