using System.CommandLine;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Backups;

/// <summary><c>sanbashi backup</c>.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The archive to write, for example sanbashi-backup.tar.gz. It holds keys: keep it as you keep them." };
        var store = StoreOption();
        var logs = new Option<bool>("--logs") { Description = "The services' logs too." };
        var command = new Command("backup", "Writes the whole state (documents, keys, certificates) into one file, while the platform runs or not.") { file, store, logs };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var state = GlobalOptions.StateOfThisMachine(parsed);
            await new BackupWriter(TimeProvider.System).Write(
                state, StoreLocation.Find(state, parsed.GetValue(store)), Path.GetFullPath(parsed.GetValue(file)!), parsed.GetValue(logs), cancellationToken);
            var written = new FileInfo(parsed.GetValue(file)!);
            Console.Error.WriteLine($"Wrote {written.FullName} ({written.Length / 1024.0:0} kB). Bring it back with: sanbashi restore {written.Name}");
        });
        return command;
    }

    internal static Option<string?> StoreOption() => new("--store")
    {
        Description = $"The store, where it is not the SQLite file of the state folder. Default ${SupervisorDefaults.StoreVariable}.",
        HelpName = "URL",
    };
}
