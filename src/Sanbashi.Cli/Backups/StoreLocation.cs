using System.Text.Json;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Backups;

/// <summary>Where the documents of a state folder are.</summary>
internal static class StoreLocation
{
    public const string Sqlite = "sqlite";
    public const string External = "external";

    /// <summary>How the platform's own word for its store is.</summary>
    public static string Kind(string? url) => string.IsNullOrEmpty(url) ? Sqlite : External;

    /// <summary>The store's address: the given one, the environment's, else the SQLite file of the folder.</summary>
    /// <exception cref="CliException">The platform uses another store than the one that can be found here.</exception>
    public static string Find(string stateDirectory, string? option)
    {
        var url = option ?? Environment.GetEnvironmentVariable(SupervisorDefaults.StoreVariable);
        if (!string.IsNullOrEmpty(url))
        {
            return url;
        }

        var status = PlatformStatus.FilePath(stateDirectory);
        if (File.Exists(status) && JsonSerializer.Deserialize(File.ReadAllText(status), SupervisionJsonContext.Default.PlatformStatus)?.Store == External)
        {
            throw new CliException(
                ExitCodes.Usage, $"The platform on {stateDirectory} keeps its documents in another store than SQLite. Name it with --store, or with ${SupervisorDefaults.StoreVariable}.");
        }

        return Path.Combine(stateDirectory, StateFiles.SqliteFile);
    }
}
