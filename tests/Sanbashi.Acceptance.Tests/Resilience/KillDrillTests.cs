using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Resilience;

/// <summary>
/// The control plane is killed (SIGKILL) after steps of each kind of operation; <see cref="KillDrill"/> says which. Whatever the step: the operation reaches the end it would have reached, the
/// service does what the API says, no request to it fails, and the engine has nothing that nobody owns.
/// </summary>
public sealed class KillDrillTests(SharedPlatform shared, ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>So many kills at the least: fewer would mean that the steps are not counted any more.</summary>
    private const int LeastSteps = 2;

    // A platform for each test: the supervisor starts a control plane that keeps ending after ever longer pauses.
    private readonly KillDrill _drill = new();

    public ValueTask InitializeAsync() => _drill.InitializeAsync();

    public ValueTask DisposeAsync() => _drill.DisposeAsync();

    [Fact]
    public async Task CreateAndDelete_KilledAtSteps_ReachTheirEnd()
    {
        var image = await shared.Images.TestApp();
        var kills = 0;
        var number = 0;
        foreach (var at in KillDrill.Steps(change: 2, 1, 2, 3))
        {
            var (service, created) = await _drill.KillCreation(at, $"kill-{++number}", image, Version("new"));
            (await _drill.Platform.Gateway.Version(service.Host)).ShouldBe("new");
            var deleted = await _drill.Kill(at, service, service.Delete, "SUCCEEDED", "DELETED");
            (await _drill.Platform.Gateway.Get(service.Host, "/")).Status.ShouldBe(System.Net.HttpStatusCode.NotFound);
            await _drill.ShouldComeToRest(service, "DELETED");
            if (Told(at, created, deleted, ref kills))
            {
                break;
            }
        }

        kills.ShouldBeGreaterThanOrEqualTo(LeastSteps);
    }

    [Fact]
    public async Task PauseAndResume_KilledAtSteps_ReachTheirEnd()
    {
        var service = await _drill.Platform.Api.RunService("kill-pause", await shared.Images.TestApp(), Version("paused"));
        var kills = 0;
        var stopTimeout = 5;
        foreach (var at in KillDrill.Steps(change: 3, 1, 2))
        {
            var paused = await _drill.Kill(at, service, service.Pause, "SUCCEEDED", "PAUSED");

            // Every second time with a new revision.
            if (stopTimeout++ % 2 == 0)
            {
                await Set(service, $"{stopTimeout}s");
            }

            var resumed = await _drill.Kill(at, service, service.Resume, "SUCCEEDED", "RUNNING");
            (await _drill.Platform.Gateway.Version(service.Host)).ShouldBe("paused");
            if (Told(at, paused, resumed, ref kills))
            {
                break;
            }
        }

        kills.ShouldBeGreaterThanOrEqualTo(LeastSteps);
        await _drill.ShouldComeToRest(service, "RUNNING");
    }

    [Fact]
    public async Task Update_KilledAtSteps_ReachesItsEndAndFailsNoRequest()
    {
        var image = await shared.Images.TestApp();
        var version = 0;
        await Serving("kill-update", change: 5, service => Kill(service, () => service.Update(image, Version($"v{++version}"))));
    }

    [Fact]
    public Task StartDeployment_KilledAtSteps_ReachesItsEndAndFailsNoRequest() =>
        Serving("kill-deploy", change: 4, service => Kill(service, service.StartDeployment));

    [Fact]
    public Task Rollback_KilledAtSteps_ReachesItsEndAndFailsNoRequest() => Serving(
        "kill-rollback",
        change: 1,
        service => Kill(service, service.Rollback),
        async service => await service.WaitForOperation(await service.StartDeployment(), "SUCCEEDED"));

    [Fact]
    public async Task Settings_KilledAtSteps_ReachTheirEndAndFailNoRequest()
    {
        var seconds = 10;
        await Serving("kill-settings", change: 3, service => Kill(service, () => Set(service, $"{++seconds}s")));
    }

    [Fact]
    public async Task Cancel_KilledAtSteps_ReachesItsEndAndFailsNoRequest()
    {
        var image = await shared.Images.TestApp();
        await Serving("kill-cancel", change: 1, service => async at =>
        {
            var operation = await service.Update(image, Version("unwanted", ("NEVER_LISTEN", "1")));
            await Eventually.Get(service.Instances, instances => instances.Any(instance => (string)instance!["Health"]! == "UNKNOWN" && (string)instance["State"]! == "RUNNING"));
            return await _drill.KillDuring(at, service, operation, service.CancelOperation, "ROLLBACK_SUCCEEDED", "RUNNING");
        });
    }

    private Func<string, Task<string?>> Kill(ServiceHandle service, Func<Task> begin) => at => _drill.Kill(at, service, begin, "SUCCEEDED", "RUNNING");

    /// <summary>The operation again and again under load, each time with a kill at the next step.</summary>
    private async Task Serving(string name, int change, Func<ServiceHandle, Func<string, Task<string?>>> operation, Func<ServiceHandle, Task>? prepare = null)
    {
        var service = await _drill.Platform.Api.RunService(name, await shared.Images.TestApp(), Version("before"));
        await (prepare?.Invoke(service) ?? Task.CompletedTask);
        await using var load = await LoadGenerator.Start(_drill.Platform.Gateway.Address, service.Host, Light);
        var run = operation(service);
        var kills = 0;
        foreach (var at in KillDrill.Steps(change, 1, 3))
        {
            if (Told(at, await run(at), null, ref kills))
            {
                break;
            }
        }

        kills.ShouldBeGreaterThanOrEqualTo(LeastSteps);
        await _drill.ShouldComeToRest(service, "RUNNING");
        await load.GoOn(50);
        var report = await load.Stop();
        output.WriteLine(report.ToString());
        report.ShouldHaveNoFailures();
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    /// <summary>True when there was no such step any more.</summary>
    private bool Told(string at, string? first, string? second, ref int kills)
    {
        output.WriteLine($"{at}: {first ?? "no such step"}{(second is null ? "" : $"; {second}")}");
        kills += (first is null ? 0 : 1) + (second is null ? 0 : 1);
        return first is null && second is null && !at.StartsWith("engine", StringComparison.Ordinal);
    }

    private async Task Set(ServiceHandle service, string stopTimeout) => await _drill.Platform.Api.AppRunner("TagResource", new JsonObject
    {
        ["ResourceArn"] = service.Arn,
        ["Tags"] = new JsonArray(new JsonObject { ["Key"] = "sanbashi:stop-timeout", ["Value"] = stopTimeout }),
    });

    private static LoadOptions Light => new() { KeepAliveClients = 1, SlowClients = 1, UploadClients = 0, EventStreamClients = 0, WebSocketClients = 0, Pace = TimeSpan.FromMilliseconds(25) };

    private static ServiceRequest Version(string version, params (string Name, string Value)[] more) => new()
    {
        Variables = more.Concat([("APP_VERSION", version), ("QUIET", "1")]).ToDictionary(variable => variable.Item1, variable => variable.Item2),
        Settings = new Dictionary<string, string> { ["drain-timeout"] = "3s" },
    };
}
