using System.CommandLine;
using Sanbashi.Cli.Platform;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Backups;

/// <summary><c>sanbashi restore</c>.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The archive that 'backup' wrote." };
        var store = BackupCommand.StoreOption();
        var force = new Option<bool>("--force") { Description = "Put it in the place of a state that is there; that one is kept beside it under another name." };
        var command = new Command("restore", "Brings a backup back. The platform must not run on that state folder; services' containers that it then finds are adopted.") { file, store, force };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            GlobalOptions.RequireThisMachine(parsed);
            var state = parsed.GetValue(GlobalOptions.State) is { Length: > 0 } named ? Path.GetFullPath(named) : PlatformPaths.DefaultState();
            if (await SupervisorClient.Status(state, cancellationToken) is { } running)
            {
                throw new CliException(ExitCodes.Conflict, $"A platform runs on {state} (pid {running.Pid}). Stop it first: sanbashi down --state {state}");
            }

            var url = parsed.GetValue(store) ?? Environment.GetEnvironmentVariable(SupervisorDefaults.StoreVariable);
            var kept = await new BackupReader(TimeProvider.System).Restore(
                parsed.GetValue(file)!, state, string.IsNullOrEmpty(url) ? null : url, parsed.GetValue(force), cancellationToken);
            Console.Error.WriteLine($"Restored to {state}.{(kept is null ? "" : $" What was there is now {kept}.")} Start it: sanbashi up --state {state}");
        });
        return command;
    }
}
