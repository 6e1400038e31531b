using System.Text.RegularExpressions;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Contract;

public abstract partial class EngineContract
{
    /// <summary>More than a start or a stop of two containers can take.</summary>
    private const int MostCalls = 30;

    [Fact]
    public async Task StartInstance_KilledAfterAnyCall_IsCompletedByTheNextAttempt()
    {
        await using var installation = Install();
        var spec = installation.Web() with { Containers = [.. installation.Web().Containers, installation.Container("side", "sleep", "1000")] };
        await installation.Engine.EnsureNetwork(None);
        var isIntact = false;
        var calls = 1;
        for (; !isIntact; calls++)
        {
            calls.ShouldBeLessThan(MostCalls);
            var identity = TestInstallation.NewIdentity();
            await using (var socket = await FaultySocket.Start(host.RequireSocket(), calls))
            await using (var doomed = Hosts.Engines.Connect(socket.Address, installation.Id))
            {
                try
                {
                    await doomed.StartInstance(identity, spec, None);
                }
                catch (EngineException failure) when (failure.Failure == EngineFailure.Unreachable)
                {
                    // What a killed process would have seen, had it lived.
                }

                isIntact = socket.IsIntact;
            }

            var instance = await installation.Engine.StartInstance(identity, spec, None);

            instance.State.ShouldBe(EngineInstanceState.Running, $"after {calls} calls");
            instance.Containers.Select(container => container.Name).ShouldBe(["main", "side"]);
            (await installation.Get(instance)).ShouldBe("hello from an instance\n");
            await installation.Engine.StopInstance(identity.InstanceId, TimeSpan.Zero, None);
            (await installation.Engine.ListInstances(None)).ShouldBeEmpty();
        }

        // Holder and two containers are created and started: at least six calls that change something.
        calls.ShouldBeGreaterThan(6);
    }

    [Fact]
    public async Task StopInstance_KilledAfterAnyCall_IsCompletedByTheNextAttempt()
    {
        await using var installation = Install();
        var isIntact = false;
        for (var calls = 1; !isIntact; calls++)
        {
            calls.ShouldBeLessThan(MostCalls);
            var id = (await installation.Start(installation.Spec("sleep", "1000"))).Identity.InstanceId;
            await installation.Engine.FreezeInstance(id, None);
            await using (var socket = await FaultySocket.Start(host.RequireSocket(), calls))
            await using (var doomed = Hosts.Engines.Connect(socket.Address, installation.Id))
            {
                try
                {
                    await doomed.StopInstance(id, TimeSpan.FromSeconds(5), None);
                }
                catch (EngineException failure) when (failure.Failure == EngineFailure.Unreachable)
                {
                    // What a killed process would have seen, had it lived.
                }

                isIntact = socket.IsIntact;
            }

            await installation.Engine.StopInstance(id, TimeSpan.FromSeconds(5), None);

            (await installation.Engine.ListInstances(None)).ShouldBeEmpty($"after {calls} calls");
        }
    }

    [Fact]
    public async Task FindInstance_HolderKilled_IsExited()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Web());
        await using var raw = RawEngine.Connect(host.RequireSocket());

        await raw.Post($"/containers/{InstanceName(instance)}/kill");

        await installation.WaitFor(instance, EngineInstanceState.Exited);
        await installation.Engine.StopInstance(instance.Identity.InstanceId, TimeSpan.FromSeconds(1), None);
        (await installation.Engine.ListInstances(None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task StartInstance_HolderDiedBeforeAnythingRan_StartsOver()
    {
        await using var installation = Install();
        var identity = TestInstallation.NewIdentity();
        var spec = installation.Web();
        await installation.Engine.EnsureNetwork(None);

        // Image loaded, holder created, and started or not: then the platform and the machine go down.
        await using (var socket = await FaultySocket.Start(host.RequireSocket(), 3))
        await using (var doomed = Hosts.Engines.Connect(socket.Address, installation.Id))
        {
            await Should.ThrowAsync<EngineException>(() => doomed.StartInstance(identity, spec, None));
        }

        await using var raw = RawEngine.Connect(host.RequireSocket());
        await raw.TryPost($"/containers/{InstanceName(identity)}/start");
        await raw.Post($"/containers/{InstanceName(identity)}/kill");

        var instance = await installation.Engine.StartInstance(identity, spec, None);

        instance.State.ShouldBe(EngineInstanceState.Running);
        (await installation.Get(instance)).ShouldBe("hello from an instance\n");
    }

    [Fact]
    public async Task StartInstance_HolderImageAndNetworkPruned_MakesThemAgain()
    {
        await using var installation = Install();
        var first = await installation.Start(installation.Web());
        await installation.Engine.StopInstance(first.Identity.InstanceId, TimeSpan.Zero, None);
        await using (var other = Hosts.Engines.Connect(host.RequireSocket(), installation.Id))
        {
            // The first engine does not know of this.
            await other.RemoveEverything(None);
        }

        var second = await installation.Start(installation.Web());

        (await installation.Get(second)).ShouldBe("hello from an instance\n");
    }

    [Fact]
    public async Task Installations_OnOneEngine_NeverTouchEachOther()
    {
        await using var one = Install();
        await using var other = Install();
        var mine = await one.Start(one.Web());
        await one.Engine.HoldImage(host.Image, "kept", None);
        await one.Engine.EnsureVolume("data", None);
        var theirs = await other.Start(other.Web());

        (await one.Engine.ListInstances(None)).ShouldHaveSingleItem().Identity.ShouldBe(mine.Identity);
        (await other.Engine.FindInstance(mine.Identity.InstanceId, None)).ShouldBeNull();
        await other.Engine.StopInstance(mine.Identity.InstanceId, TimeSpan.Zero, None);
        await other.Engine.RemoveVolume("data", None);
        await other.Engine.RemoveEverything(None);

        (await one.Get(mine)).ShouldBe("hello from an instance\n");
        (await one.Engine.ListHolds(None)).ShouldBe(["kept"]);
        (await one.Engine.FindInstance(mine.Identity.InstanceId, None)).ShouldNotBeNull().State.ShouldBe(EngineInstanceState.Running);
        (await one.Engine.FindInstance(theirs.Identity.InstanceId, None)).ShouldBeNull();
        await using var raw = RawEngine.Connect(host.RequireSocket());
        (await raw.Get("/volumes")).ShouldContain($"sanbashi-{one.Id[..8]}-data");
    }

    [Fact]
    public async Task RemoveEverything_AfterUse_LeavesNothing()
    {
        string id;
        await using (var installation = Install())
        {
            id = installation.Id;
            await installation.Start(installation.Web());
            await installation.Engine.HoldImage(host.Image, "kept", None);
            await installation.Engine.EnsureVolume("data", None);
        }

        await using var raw = RawEngine.Connect(host.RequireSocket());
        foreach (var path in new[] { "/containers/json?all=1", "/networks", "/volumes", "/images/json" })
        {
            // Podman's images remember all names that they ever had.
            var found = HistoryOfNames().Replace(await raw.Get(path), "");
            found.Contains(id[..8], StringComparison.Ordinal).ShouldBeFalse(found);
        }
    }

    [GeneratedRegex("""
        "History":\[[^\]]*\]
        """)]
    private static partial Regex HistoryOfNames();

    private static string InstanceName(EngineInstance instance) => InstanceName(instance.Identity);

    private static string InstanceName(InstanceIdentity identity) => $"sanbashi-{identity.ServiceName}-{identity.Revision}-{identity.InstanceId[..8]}";
}
