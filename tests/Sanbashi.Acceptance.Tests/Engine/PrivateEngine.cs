using System.Diagnostics;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Engine;

/// <summary>A Docker Engine that a test may stop and kill, beside the one of the run: own socket, own data, own default bridge, no hand in the firewall.</summary>
internal sealed class PrivateEngine : IAsyncDisposable
{
    private const string Program = "/usr/sbin/dockerd";
    private readonly string _folder;
    private readonly string _bridge;
    private readonly bool _hasLiveRestore;
    private Process? _process;

    private PrivateEngine(string folder, string bridge, bool hasLiveRestore)
    {
        (_folder, _bridge, _hasLiveRestore) = (folder, bridge, hasLiveRestore);
        Api = new EngineApi($"unix://{folder}/docker.sock");
    }

    public EngineApi Api { get; }

    public static async Task<PrivateEngine> Start(bool hasLiveRestore)
    {
        Assert.SkipUnless(File.Exists(Program) && Environment.IsPrivilegedProcess, $"{Program} is not there or may not be started by this user.");

        // Below /var/tmp: the name of the socket must stay short, and overlay mounts want a real disk.
        var name = Guid.NewGuid().ToString("N")[..10];
        var engine = new PrivateEngine(Directory.CreateDirectory($"/var/tmp/sanbashi-engine-{name}").FullName, $"sbt{name}", hasLiveRestore);

        // A bridge of its own: '--bridge none' would remove docker0, which belongs to the other engine.
        await Ip("link", "add", engine._bridge, "type", "bridge");
        await Ip("address", "add", "192.168.213.1/24", "dev", engine._bridge);
        await engine.Up();
        return engine;
    }

    /// <summary>Starts it, again after a stop, and waits until it answers.</summary>
    public async Task Up()
    {
        List<string> arguments =
        [
            "-H", Api.Address, "--data-root", $"{_folder}/data", "--exec-root", $"{_folder}/exec", "--pidfile", $"{_folder}/docker.pid",
            "--bridge", _bridge, "--iptables=false", "--ip6tables=false",
        ];
        if (_hasLiveRestore)
        {
            arguments.Add("--live-restore");
        }

        // Through a shell, so that its output goes to a file: nobody has to read a pipe.
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec {Program} \"$@\" >>{_folder}/log 2>&1 </dev/null", "sh", .. arguments]))!;
        await Eventually.True(async () => _process.HasExited
            ? throw new InvalidOperationException($"dockerd ended: {await File.ReadAllTextAsync($"{_folder}/log")}")
            : await Api.Answers());
    }

    /// <summary>SIGTERM, as a service manager stops it.</summary>
    public Task Stop() => End("-TERM");

    /// <summary>SIGKILL.</summary>
    public Task Kill() => End("-KILL");

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            await Up();
        }

        foreach (var container in (await Api.Get("containers/json?all=1")).AsArray())
        {
            await Api.Delete($"containers/{container!["Id"]}?force=1&v=1");
        }

        await Stop();
        Api.Dispose();
        await Ip("link", "delete", _bridge);
        await Command.Run("/bin/rm", ["-rf", _folder]);
    }

    private static async Task Ip(params string[] arguments) => (await Command.Run("/sbin/ip", arguments)).ShouldSucceed();

    private async Task End(string signal)
    {
        (await Command.Run("/bin/kill", [signal, $"{_process!.Id}"])).ShouldSucceed();
        await _process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        _process.Dispose();
        _process = null;
    }
}
