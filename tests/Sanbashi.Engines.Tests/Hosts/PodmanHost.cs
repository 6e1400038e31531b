using System.Diagnostics;

namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>A Podman service of its own: private storage in a temporary folder, runc, explicit limits.</summary>
public sealed class PodmanHost : EngineHost
{
    private static readonly string[] Runtimes = ["/usr/sbin/runc", "/usr/bin/runc"];
    private static readonly string[] Inits = ["/usr/libexec/podman/catatonit", "/usr/bin/catatonit", "/usr/bin/tini", "/usr/bin/docker-init"];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "sanbashi-podman-" + Guid.NewGuid().ToString("n")[..8]);
    private Process? _service;

    public override bool IsPodman => true;

    protected override async ValueTask Find()
    {
        var runtime = Runtimes.FirstOrDefault(File.Exists);
        if (!File.Exists("/usr/bin/podman") || runtime is null)
        {
            Absence = "podman and runc are not installed";
            return;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            Absence = "podman is tested as root only";
            return;
        }

        Directory.CreateDirectory(_folder);
        var socket = Path.Combine(_folder, "podman.sock");
        var start = new ProcessStartInfo("/usr/bin/podman", [
            "--root", Path.Combine(_folder, "root"), "--runroot", Path.Combine(_folder, "run"),
            "system", "service", "--time=0", "unix://" + socket,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CONTAINERS_CONF"] = await WriteConfiguration(runtime);
        _service = Process.Start(start)!;
        _service.OutputDataReceived += (_, _) => { };
        _service.ErrorDataReceived += (_, line) => Trace.WriteLine(line.Data);
        _service.BeginOutputReadLine();
        _service.BeginErrorReadLine();
        await Eventually.Is(async () => _service.HasExited || await Answers(socket), "podman answers", TimeSpan.FromSeconds(30));
        if (_service.HasExited)
        {
            Absence = $"podman system service ended with exit code {_service.ExitCode}";
            return;
        }

        Socket = "unix://" + socket;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_service is { HasExited: false })
        {
            _service.Kill();
            await _service.WaitForExitAsync();
        }

        _service?.Dispose();
        await Unmount();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task<string> WriteConfiguration(string runtime)
    {
        // Limits above the service's own cannot be set without a privilege that build machines lack.
        var limits = await File.ReadAllLinesAsync("/proc/self/limits");
        var files = Hard(limits, "Max open files", 1_048_576);
        var processes = Hard(limits, "Max processes", 32_768);
        var init = Inits.FirstOrDefault(File.Exists);
        var file = Path.Combine(_folder, "containers.conf");
        await File.WriteAllTextAsync(
            file,
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
            runc = ["{runtime}"]
            [network]
            network_config_dir = "{_folder}/networks"
            """);
        return file;
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
