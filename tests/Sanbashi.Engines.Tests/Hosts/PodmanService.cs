using System.Diagnostics;
using System.Net.Sockets;

namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>
/// Podman's compatible API by a process of the tests' own: private storage in a temporary folder, runc, explicit limits.
/// The acceptance tests compile this file too.
/// </summary>
internal sealed class PodmanService : IAsyncDisposable
{
    private const string Podman = "/usr/bin/podman";
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);
    private static readonly string[] _runtimes = ["/usr/sbin/runc", "/usr/bin/runc"];
    private static readonly string[] _inits = ["/usr/libexec/podman/catatonit", "/usr/bin/catatonit", "/usr/bin/tini", "/usr/bin/docker-init"];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "sanbashi-podman-" + Guid.NewGuid().ToString("n")[..8]);
    private Process? _service;

    /// <summary>Why there can be none on this machine; null when there can.</summary>
    public static string? Absence =>
        !File.Exists(Podman) || Runtime is null ? "podman and runc are not installed"
        : !Environment.IsPrivilegedProcess ? "podman is tested as root only"
        : null;

    /// <summary><c>unix:///...</c></summary>
    public string Address => "unix://" + SocketPath;

    private string SocketPath => Path.Combine(_folder, "podman.sock");

    private static string? Runtime => _runtimes.FirstOrDefault(File.Exists);

    private IReadOnlyList<string> Storage => ["--root", Path.Combine(_folder, "root"), "--runroot", Path.Combine(_folder, "run")];

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task Start()
    {
        Directory.CreateDirectory(_folder);
        await WriteConfiguration();
        _service = Run([.. Storage, "system", "service", "--time=0", Address]);
        var waited = Stopwatch.StartNew();
        while (!await Answers())
        {
            if (_service.HasExited || waited.Elapsed > _deadline)
            {
                throw new InvalidOperationException($"podman system service does not answer at {SocketPath}; {(_service.HasExited ? $"it ended with exit code {_service.ExitCode}" : "it runs")}.");
            }

            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            // Containers are no children of the service and would outlive it.
            using (var removal = Run([.. Storage, "rm", "--all", "--force", "--time", "0"]))
            {
                await removal.WaitForExitAsync().WaitAsync(_deadline);
            }

            _service.Kill();
            await _service.WaitForExitAsync();
            _service.Dispose();
        }

        await Unmount();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private Process Run(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Podman, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CONTAINERS_CONF"] = Path.Combine(_folder, "containers.conf");
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Trace.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> Answers()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task WriteConfiguration()
    {
        // Limits above the service's own cannot be set without a privilege that build machines lack.
        var limits = await File.ReadAllLinesAsync("/proc/self/limits");
        var files = Hard(limits, "Max open files", 1_048_576);
        var processes = Hard(limits, "Max processes", 32_768);
        var init = _inits.FirstOrDefault(File.Exists);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "containers.conf"),
            $"""
            [containers]
            default_ulimits = ["nofile={files}:{files}", "nproc={processes}:{processes}"]
            {(init is null ? "" : $"init_path = \"{init}\"")}
            [engine]
            runtime = "runc"
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            static_dir = "{_folder}/static"
            tmp_dir = "{_folder}/tmp"
            volume_path = "{_folder}/volumes"
            [engine.runtimes]
            runc = ["{Runtime}"]
            [network]
            network_config_dir = "{_folder}/networks"
            """);
    }

    private static long Hard(string[] limits, string title, long most)
    {
        var columns = limits.First(line => line.StartsWith(title, StringComparison.Ordinal))[title.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.TryParse(columns[1], out var value) ? Math.Min(value, most) : 65_536;
    }

    /// <summary>The storage driver keeps its root mounted.</summary>
    private async Task Unmount()
    {
        var mounts = (await File.ReadAllLinesAsync("/proc/self/mounts")).Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(_folder, StringComparison.Ordinal));
        foreach (var mount in mounts.Reverse())
        {
            using var umount = Process.Start("umount", ["-l", mount]);
            await umount.WaitForExitAsync();
        }
    }
}
