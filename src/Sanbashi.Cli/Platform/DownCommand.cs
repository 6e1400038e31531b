using System.CommandLine;
using Sanbashi.Cli.Backups;
using Sanbashi.Cli.Installing;
using Sanbashi.Cli.Supervision;
using Sanbashi.ControlPlane;
using Sanbashi.ControlPlane.Hosting;
using Sanbashi.Engines;
using Sanbashi.Storage;

namespace Sanbashi.Cli.Platform;

/// <summary><c>sanbashi down</c>.</summary>
internal static class DownCommand
{
    public static Command Create()
    {
        var remove = new Option<bool>("--remove")
        {
            Description = "Stop and remove the services' instances too; the next 'up' starts them anew.",
        };
        var store = BackupCommand.StoreOption();
        var command = new Command(
            "down",
            "Stops the platform: the gateway finishes the requests it has, then the control plane stops. Instances stay running, but nothing reaches them until the next 'up'.")
        {
            remove, store,
        };
        command.SetAction((parsed, cancellationToken) =>
            Run(GlobalOptions.StateOfThisMachine(parsed), parsed.GetValue(remove), parsed.GetValue(store), cancellationToken));
        return command;
    }

    private static async Task<int> Run(string state, bool remove, string? store, CancellationToken cancellationToken)
    {
        var running = await SupervisorClient.Status(state, cancellationToken);
        var location = remove ? StoreLocation.Find(state, store) : null;
        if (running is { IsUnit: true })
        {
            // Its sockets too: the next connection would start it again.
            Console.Error.WriteLine("The platform is a service of systemd; its units are stopped until they are started again or the machine is.");
            var units = Units.Installed(Units.Folder);
            await Tool.Run("systemctl", ["stop", .. units], cancellationToken);
            Console.Error.WriteLine($"Stopped. Start it again: systemctl start {string.Join(' ', units)}");
        }
        else
        {
            var answer = await SupervisorClient.Ask(state, ControlProtocol.Stop, Console.Error.WriteLine, cancellationToken);
            Console.Error.WriteLine(answer ?? $"No platform runs on {state}; nothing to stop.");
        }

        if (location is not null)
        {
            await RemoveInstances(state, location, running?.Engine ?? EngineCheck.Choose(null), cancellationToken);
        }

        return ExitCodes.Success;
    }

    private static async Task RemoveInstances(string state, string store, string engine, CancellationToken cancellationToken)
    {
        if (!store.Contains("://", StringComparison.Ordinal) && !File.Exists(store))
        {
            throw new CliException(ExitCodes.NotFound, $"There is no platform's state in {state}, so it has no instances.");
        }

        var options = new ControlPlaneOptions { StateDirectory = state, Version = ProductVersion.Text, StoreUrl = store, EngineSocket = engine };
        try
        {
            var count = await InstanceRemoval.Run(options, id => Console.Error.WriteLine($"Removed instance {id}."), cancellationToken);
            Console.Error.WriteLine(count == 0 ? "There were no instances." : $"Removed {count} instance(s); the next 'up' starts them anew.");
        }
        catch (Exception failure) when (failure is EngineException or StoreException)
        {
            throw new CliException(ExitCodes.Failed, $"The instances were not all removed. {failure.Message}", failure);
        }
    }
}
