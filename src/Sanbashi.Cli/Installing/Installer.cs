using Sanbashi.Cli.Native;
using Sanbashi.Cli.Platform;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Installing;

/// <summary>
/// Puts the platform in its place. Every step may be repeated:
/// <list type="number">
/// <item>the program, in a folder of its own per version and build, and a link to the present one;</item>
/// <item>the group and the state folder that it may read;</item>
/// <item>the settings, the store's address in the environment file, and the units;</item>
/// <item>start; where the platform runs, a hand-over to the new version, or a restart when its settings have changed.</item>
/// </list>
/// </summary>
/// <param name="store">The store's address where it is given; it goes to the environment file, because it may hold a password.</param>
internal sealed class Installer(InstallOptions options, string? store, Action<string> say)
{
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode StateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.SetGroup;

    public async Task<int> Run(CancellationToken cancellationToken)
    {
        if (options.IsThisMachine && Posix.geteuid() != 0)
        {
            throw new CliException(ExitCodes.Denied, "Installing writes to /opt, /etc and /var/lib and needs root: sudo sanbashi install");
        }

        CopyProgram();
        var group = await PrepareState(cancellationToken);
        options.Settings.Save(options.At(InstallSettings.FilePath));
        var isChanged = WriteStore();
        isChanged |= WriteUnits();
        if (!options.IsThisMachine)
        {
            say($"Everything is below {options.Root}. On the machine itself: systemctl daemon-reload && systemctl enable --now {string.Join(' ', Units.Installed(options.At(options.UnitFolder)))}");
            return ExitCodes.Success;
        }

        await Start(isChanged, cancellationToken);
        say($"Members of the group '{InstallOptions.Group}'{(group is null ? "" : $" (id {group})")} may use the API: sudo usermod -aG {InstallOptions.Group} $USER, then log in again.");
        return ExitCodes.Success;
    }

    // 1
    private void CopyProgram()
    {
        var source = AppContext.BaseDirectory.TrimEnd('/');
        var name = $"{ProductVersion.Text}-{File.GetLastWriteTimeUtc(Path.Combine(source, "sanbashi.dll")):yyyyMMddHHmmss}";
        var target = options.At(Path.Combine(options.Folder, name));
        if (source != target)
        {
            Directory.CreateDirectory(target);
            foreach (var file in Directory.GetFiles(source))
            {
                var copy = Path.Combine(target, Path.GetFileName(file));

                // A new file under the old name: a process that runs from the old one keeps it.
                File.Delete(copy);
                File.Copy(file, copy);
            }
        }

        Link(options.At($"{options.Folder}/current"), name);
        Link(options.At(options.Link), options.Executable);
        say($"Program: {target}, by the name {options.Link}");
    }

    // 2
    private async Task<string?> PrepareState(CancellationToken cancellationToken)
    {
        var state = options.At(options.State);
        Directory.CreateDirectory(state);
        if (!options.IsThisMachine)
        {
            File.SetUnixFileMode(state, StateMode);
            return null;
        }

        await Tool.Run("groupadd", ["--system", "--force", InstallOptions.Group], cancellationToken);
        var group = File.ReadLines("/etc/group").Select(line => line.Split(':')).First(fields => fields[0] == InstallOptions.Group)[2];
        var id = int.Parse(group, System.Globalization.CultureInfo.InvariantCulture);

        // Set-group-id: what is made below belongs to the group too. An earlier run without 'install' may have left files of root's own group.
        Own(state, id, StateMode);
        foreach (var folder in (string[])[Path.Combine(state, "run"), Path.Combine(state, "certificates"), Path.Combine(state, "logs")])
        {
            Directory.CreateDirectory(folder);
            Own(folder, id, StateMode);
        }

        if (File.Exists(PlatformPaths.Credentials(state)))
        {
            Own(PlatformPaths.Credentials(state), id, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        say($"State: {state}, readable by the group {InstallOptions.Group}");
        return group;
    }

    // 3
    private bool WriteStore()
    {
        if (store is null)
        {
            return false;
        }

        var path = options.At(options.EnvironmentFile);
        var line = $"{SupervisorDefaults.StoreVariable}=\"{store.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        var before = File.Exists(path) ? File.ReadAllLines(path) : [];
        string[] after = [.. before.Where(other => !other.StartsWith(SupervisorDefaults.StoreVariable + "=", StringComparison.Ordinal)), line];
        using (File.Open(path + ".new", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Secret }))
        {
        }

        File.WriteAllLines(path + ".new", after);
        File.Move(path + ".new", path, overwrite: true);
        say($"Store: in {path}, readable by root alone");
        return !before.SequenceEqual(after);
    }

    private bool WriteUnits()
    {
        var folder = options.At(options.UnitFolder);
        Directory.CreateDirectory(folder);
        var isChanged = false;
        foreach (var (name, content) in Units.All(options))
        {
            var path = Path.Combine(folder, name);
            isChanged |= (File.Exists(path) ? File.ReadAllText(path) : null) != content;
            if (content is null)
            {
                File.Delete(path);
            }
            else
            {
                File.WriteAllText(path, content);
            }
        }

        say($"Units: {string.Join(", ", Units.Installed(folder))} in {folder}");
        return isChanged;
    }

    // 4
    private async Task Start(bool isChanged, CancellationToken cancellationToken)
    {
        var settings = options.Settings;
        var running = await SupervisorClient.Status(options.State, cancellationToken);
        if (!Directory.Exists("/run/systemd/system"))
        {
            string[] listen =
            [
                "--listen", settings.Listen ?? InstallSettings.DefaultApi,
                "--http", Everywhere(settings.Http ?? InstallSettings.DefaultHttp),
                "--https", Everywhere(settings.Https ?? InstallSettings.DefaultHttps),
                "--h2c", settings.H2c is { } address ? Everywhere(address) : SupervisorDefaults.Nowhere,
            ];
            say($"""
                systemd does not run this machine, so the platform is not started by itself. By hand{(running is null ? "" : $", after 'sanbashi down' (one runs with pid {running.Pid})")}, with the same settings{(store is null ? "" : $" (and ${SupervisorDefaults.StoreVariable})")}:
                  {options.Executable} up --detach --state {options.State} {string.Join(' ', listen.Concat(settings.ToArguments()).Select(ShellWord))}
                """);
            return;
        }

        var units = Units.Installed(options.UnitFolder);
        await Tool.Run("systemctl", ["daemon-reload"], cancellationToken);
        if (running is { IsUnit: false })
        {
            // Started by hand or by the demo: it holds the state, and often the API's port.
            say($"A platform runs already, started by hand (pid {running.Pid}): it is stopped, and systemd's takes its services over. Instances go on running.");
            await SupervisorClient.Ask(options.State, ControlProtocol.Stop, say, cancellationToken);
            running = null;
        }

        if (running is null)
        {
            await Tool.Run("systemctl", ["enable", "--now", .. units], cancellationToken);
        }
        else if (isChanged)
        {
            say("The platform runs with other settings: it is restarted. Instances go on running.");
            await Tool.Run("systemctl", ["enable", .. units], cancellationToken);
            await Tool.Run("systemctl", ["restart", .. units], cancellationToken);
        }
        else
        {
            say("The platform runs: its processes are replaced by the new version, without losing a request.");
            await Tool.Run("systemctl", ["reload", Units.Service], cancellationToken);
            await Tool.Run("systemctl", ["enable", "--now", .. units], cancellationToken);
        }

        say($"Running, and started with the machine. Look: systemctl status {Units.Service}, journalctl -u {Units.Service}, sanbashi status");
    }

    private static string Everywhere(string address) => address.Contains(':', StringComparison.Ordinal) ? address : $"*:{address}";

    private static string ShellWord(string word) =>
        word.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:=,@+".Contains(character)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static void Own(string path, int group, UnixFileMode mode)
    {
        Descriptors.Check(Posix.lchown(path, 0, group), $"Giving {path} to the group {InstallOptions.Group}");
        File.SetUnixFileMode(path, mode);
    }

    private static void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + ".new";
        File.Delete(temporary);
        File.CreateSymbolicLink(temporary, target);

        // File.Move looks at what a link leads to, and that may be a folder, or not be there on this machine.
        Descriptors.Check(Posix.rename(temporary, path), $"Renaming {temporary}");
    }
}
