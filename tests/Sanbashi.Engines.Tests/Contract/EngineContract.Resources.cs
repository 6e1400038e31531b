using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task ReadResources_TwoContainers_AreSummedAgainstTheInstancesLimits()
    {
        await using var installation = Install();
        var spec = installation.Spec("sh", "-c", "while :; do :; done") with
        {
            Containers = [installation.Container("main", "sh", "-c", "while :; do :; done"), installation.Container("side", "sleep", "1000")],
        };
        var id = (await installation.Start(spec)).Identity.InstanceId;

        var first = (await installation.Engine.ReadResources([id], None))[id];
        var later = first;
        await Eventually.Is(async () => (later = (await installation.Engine.ReadResources([id], None))[id]).CpuTime > first.CpuTime, "processor time goes up");

        later.Timestamp.ShouldBeGreaterThan(first.Timestamp);
        later.CpuLimit.ShouldBe(0.25, 0.001);
        later.MemoryLimitBytes.ShouldBe(64L * 1024 * 1024);
        later.MemoryBytes.ShouldBeInRange(1, later.MemoryLimitBytes);
    }

    [Fact]
    public async Task ReadResources_FrozenInstance_IsReadAndStaysFrozen()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Web());
        var id = instance.Identity.InstanceId;
        await installation.Engine.FreezeInstance(id, None);

        var first = await installation.Engine.ReadResources([id], None);
        var second = await installation.Engine.ReadResources([id], None);

        second[id].CpuTime.ShouldBe(first[id].CpuTime);
        (await installation.Engine.FindInstance(id, None)).ShouldNotBeNull().State.ShouldBe(EngineInstanceState.Frozen);
    }

    [Fact]
    public async Task ReclaimMemory_FrozenInstance_StaysFrozenAndAnswersAfterIt()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Web());
        var id = instance.Identity.InstanceId;
        (await installation.Engine.ReclaimMemory(id, None)).ShouldBe(0, "an instance that runs is left alone");
        await installation.Engine.FreezeInstance(id, None);

        var before = (await installation.Engine.ReadResources([id], None))[id].MemoryBytes;
        (await installation.Engine.ReclaimMemory(id, None)).ShouldBeGreaterThanOrEqualTo(0);

        (await installation.Engine.ReadResources([id], None))[id].MemoryBytes.ShouldBeLessThanOrEqualTo(before);
        (await installation.Engine.FindInstance(id, None)).ShouldNotBeNull().State.ShouldBe(EngineInstanceState.Frozen);
        await installation.Engine.ThawInstance(id, None);
        (await installation.Engine.FindInstance(id, None)).ShouldNotBeNull().State.ShouldBe(EngineInstanceState.Running);
    }

    [Fact]
    public async Task ReadResources_InstanceThatIsGone_IsLeftOut()
    {
        await using var installation = Install();
        var stays = (await installation.Start(installation.Web())).Identity.InstanceId;
        var goes = (await installation.Start(installation.Web())).Identity.InstanceId;
        await installation.Engine.ReadResources([stays, goes], None);
        await installation.Engine.StopInstance(goes, TimeSpan.Zero, None);

        var readings = await installation.Engine.ReadResources([stays, goes, "never was"], None);

        readings.Keys.ShouldBe([stays]);
    }
}
