using System.Net;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Engine;

/// <summary>
/// A Docker Engine that a test may stop and kill, beside the one of the run: own socket, own data, own default bridge, no hand in the firewall, and a
/// containerd of its own that outlives it, as the services of a distribution have it.
/// </summary>
internal sealed class PrivateEngine : IAsyncDisposable
{
    private const string Dockerd = "/usr/sbin/dockerd";
    private const string Containerd = "/usr/bin/containerd";
    private readonly string _folder;
    private readonly string _bridge;
    private readonly Daemon _containerd;
    private readonly Daemon _dockerd;

    private PrivateEngine(string name, bool hasLiveRestore)
    {
        // Below /var/tmp: the names of sockets must stay short, and overlay mounts want a real disk.
        _folder = Directory.CreateDirectory($"/var/tmp/sanbashi-engine-{name}").FullName;
        _bridge = $"sbt{name}";
        Api = new EngineApi($"unix://{_folder}/docker.sock");
        _containerd = new Daemon(Containerd, $"{_folder}/containerd.log", ["--config", $"{_folder}/containerd.toml", "--address", ContainerdSocket]);
        _dockerd = new Daemon(Dockerd, $"{_folder}/dockerd.log",
        [
            "-H", Api.Address, "--data-root", $"{_folder}/data", "--exec-root", $"{_folder}/exec", "--pidfile", PidFile, "--containerd", ContainerdSocket,

            // A bridge of its own: '--bridge none' would remove docker0, which belongs to the other engine.
            "--bridge", _bridge, "--iptables=false", "--ip6tables=false",
            .. hasLiveRestore ? ["--live-restore"] : Array.Empty<string>(),
        ]);
    }

    public EngineApi Api { get; }

    private string ContainerdSocket => $"{_folder}/containerd.sock";

    private string PidFile => $"{_folder}/docker.pid";

    /// <param name="hasLiveRestore">Containers outlive it.</param>
    /// <param name="prepareData">What to do with the folder of its images and containers before it starts.</param>
    public static async Task<PrivateEngine> Start(bool hasLiveRestore, Func<string, Task>? prepareData = null)
    {
        Assert.SkipUnless(File.Exists(Dockerd) && File.Exists(Containerd) && Environment.IsPrivilegedProcess, $"{Dockerd} and {Containerd} are not there or may not be started by this user.");
        var engine = new PrivateEngine(Guid.NewGuid().ToString("N")[..10], hasLiveRestore);
        try
        {
            await (prepareData?.Invoke(Directory.CreateDirectory($"{engine._folder}/data").FullName) ?? Task.CompletedTask);
            await engine.UpForTheFirstTime();
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, again after a stop, and waits until it answers.</summary>
    public Task Up()
    {
        // After a kill -9 it is still there, and its number may be somebody else's by now.
        File.Delete(PidFile);
        return _dockerd.Start(Api.Answers);
    }

    /// <summary>SIGTERM, as a service manager stops it.</summary>
    public Task Stop() => _dockerd.End("-TERM");

    /// <summary>SIGKILL.</summary>
    public Task Kill() => _dockerd.End("-KILL");

    public async ValueTask DisposeAsync()
    {
        if (await Api.Answers())
        {
            foreach (var container in (await Api.Get("containers/json?all=1")).AsArray())
            {
                try
                {
                    await Api.Delete($"containers/{container!["Id"]}?force=1&v=1");
                }
                catch (HttpRequestException refused) when (refused.StatusCode == HttpStatusCode.InternalServerError)
                {
                    // It is dead, but some other process's mount name space still holds its files. The whole folder goes below.
                    TestContext.Current.SendDiagnosticMessage(refused.Message);
                }
            }
        }

        await Stop();
        await _containerd.End("-TERM");
        Api.Dispose();
        await Command.Run("/sbin/ip", ["link", "delete", _bridge]);
        await EngineFolder.Remove(_folder);
    }

    private async Task UpForTheFirstTime()
    {
        (await Command.Run("/sbin/ip", ["link", "add", _bridge, "type", "bridge"])).ShouldSucceed();
        (await Command.Run("/sbin/ip", ["address", "add", "192.168.213.1/24", "dev", _bridge])).ShouldSucceed();
        await File.WriteAllTextAsync(
            $"{_folder}/containerd.toml",
            $"version = 2\nroot = \"{_folder}/containerd\"\nstate = \"{_folder}/run\"\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n");
        await _containerd.Start(() => Task.FromResult(File.Exists(ContainerdSocket)));
        await Up();
    }
}
