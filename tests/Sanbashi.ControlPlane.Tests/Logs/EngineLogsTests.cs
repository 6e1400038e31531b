using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Logs.Collecting;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Logs;

/// <summary>The collector on a real engine: no line lost and none twice, though it is ended and begun anew while a container writes.</summary>
public sealed class EngineLogsTests
{
    private const string Service = LogLab.ServiceId;
    private const string Busybox = "/bin/busybox";
    private const int Lines = 4000;

    // Bursts of lines, so that many have about the same stamp; each hundredth is longer than the engine keeps in one piece.
    private const string Program =
        "long=$(head -c 40000 /dev/zero | tr '\\0' x); i=0; while [ $i -lt 4000 ]; do echo \"line $i\"; i=$((i+1)); [ $((i % 100)) -eq 0 ] && { echo \"long $i $long\" >&2; sleep 0.05; }; done; printf 'no line end'; exit 3";

    private static string Socket => Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock";

    [Fact]
    public async Task Collect_WhileTheCollectorIsBegunAnew_TakesEachLineOnce()
    {
        await using var engine = new DockerEngine(new DockerEngineOptions { InstallationId = $"logs-{Guid.NewGuid():N}", FirewallRules = false }, NullLogger<DockerEngine>.Instance);
        await SkipWithoutEngine(engine);
        using var lab = new LogLab();
        var id = Guid.NewGuid().ToString("N");
        try
        {
            var image = await BuildImage(engine);
            await engine.StartInstance(new InstanceIdentity(id, Service, "web", 1), Spec(image), LogLab.Deadline());

            var store = lab.Store;
            for (var target = 500; target <= 2500; target += 500)
            {
                var collector = NewCollector(engine, store);
                collector.Follow(id, Service, ["main"]);
                await WaitForLines(store, id, target);
                store = lab.Reopen();
                await collector.DisposeAsync();
            }

            await using var last = NewCollector(engine, store);
            last.Follow(id, Service, ["main"]);
            await WaitForLines(store, id, Lines + (Lines / 100) + 1);
            await last.Finish(id, LogLab.Deadline());

            var records = store.Read(new LogQuery(Service, LogGroup.Application) { MaxBytes = int.MaxValue }).Records;
            records.Where(r => r.Origin == LogOrigin.Output).Select(r => r.Text).ShouldBe([.. Enumerable.Range(0, Lines).Select(i => $"line {i}"), "no line end"]);
            var errors = records.Where(r => r.Origin == LogOrigin.Errors).Select(r => r.Text).ToList();
            errors.Select(text => text.Split(' ')[1]).ShouldBe(Enumerable.Range(1, Lines / 100).Select(i => $"{i * 100}"));
            errors.ShouldAllBe(text => text.Split(' ')[2].Length == 40_000);
            (await last.LastLines(Service, id, 1, default)).ShouldBe(["no line end"]);
        }
        finally
        {
            await engine.StopInstance(id, TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }

    private static InstanceLogCollector NewCollector(DockerEngine engine, LogStore store) => new(engine, store, TimeProvider.System, NullLogger<InstanceLogCollector>.Instance);

    private static async Task WaitForLines(LogStore store, string instanceId, int count)
    {
        await foreach (var _ in store.Follow(new LogQuery(Service, LogGroup.Application) { Streams = [$"instance/{instanceId}"] }, LogLab.Deadline()))
        {
            if (--count == 0)
            {
                break;
            }
        }
    }

    private static InstanceSpec Spec(string image) => new()
    {
        Containers = [new ContainerSpec { Name = "main", Image = image, Command = ["sh", "-c", Program] }],
        Size = new InstanceSize(256, 64),
    };

    private static async Task<string> BuildImage(DockerEngine engine)
    {
        var context = Directory.CreateTempSubdirectory("sanbashi-logs-image-");
        try
        {
            var programs = context.CreateSubdirectory("bin").FullName;
            File.Copy(Busybox, Path.Combine(programs, "busybox"));
            foreach (var name in new[] { "sh", "head", "tr", "sleep", "echo", "printf" })
            {
                File.CreateSymbolicLink(Path.Combine(programs, name), "busybox");
            }

            await File.WriteAllTextAsync(Path.Combine(context.FullName, "Dockerfile"), "FROM scratch\nCOPY bin /bin\nENV PATH=/bin\n");
            using var tar = new MemoryStream();
            await BuildContext.WriteTar(context.FullName, "Dockerfile", tar);
            tar.Position = 0;
            return await engine.BuildImage(tar, new ImageBuildOptions("sanbashi-test/logs:1"), null, LogLab.Deadline());
        }
        finally
        {
            context.Delete(recursive: true);
        }
    }

    private static async Task SkipWithoutEngine(DockerEngine engine)
    {
        Assert.SkipUnless(File.Exists(Busybox), $"{Busybox} is not installed (apt-get install busybox-static)");
        try
        {
            await engine.Describe(LogLab.Deadline());
        }
        catch (EngineException e)
        {
            Assert.Skip($"no container engine answers at {Socket}: {e.Message}");
        }
    }
}
