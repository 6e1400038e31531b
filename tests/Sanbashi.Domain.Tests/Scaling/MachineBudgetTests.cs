using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Tests.Deployments;

namespace Sanbashi.Domain.Tests.Scaling;

public sealed class MachineBudgetTests
{
    private const long Megabyte = 1L << 20;

    private static readonly DateTimeOffset _now = Given.Now;

    [Theory]
    [InlineData(10_000, 10)]
    [InlineData(256 + (3 * 256), 5)]
    [InlineData(256 + (3 * 256) - 1, 4)]
    [InlineData(100, 2)]
    public void Apply_ScaleOut_StopsWhereTheFreeMemoryEnds(long freeMegabytes, int provisioned) =>
        Apply(new ScaleDecision(10, 10, null), present: 2, freeMegabytes: freeMegabytes).Provisioned.ShouldBe(provisioned);

    [Fact]
    public void Apply_SmallInstances_CountByTheirSize() =>
        Apply(new ScaleDecision(10, 10, null), present: 2, size: 64, freeMegabytes: 256 + (4 * 64)).Provisioned.ShouldBe(6);

    [Fact]
    public void Apply_WithoutMemory_StartsTheMinimumAndTriesAgainSoon()
    {
        var decision = Apply(new ScaleDecision(10, 10, _now.AddMinutes(1)), present: 0, floor: 3, freeMegabytes: 0);

        decision.ShouldBe(new ScaleDecision(3, 3, _now + ScalingDefaults.MemoryRetry, (10 * 256 * Megabyte) + ScalingDefaults.ReservedBytes));
    }

    [Fact]
    public void Apply_NothingToStart_ChangesNothing()
    {
        var decision = new ScaleDecision(2, 1, null);
        Apply(decision, present: 2, freeMegabytes: 0).ShouldBe(decision);
        MachineBudget.Apply(new ScaleDecision(9, 9, null), 2, 1, Megabyte, null, _now).Provisioned.ShouldBe(9);
    }

    [Fact]
    public void Plan_BurstOnAFullMachine_StartsNoMore()
    {
        var busy = Given.Running() with { Demand = new ServiceDemand { InFlight = 100, Waiting = 900, KnownSince = _now.AddHours(-1) }, FreeMemory = 600 * Megabyte };

        var plan = busy.With(busy.Instances[0] with { InFlight = 100 }).Plan();

        plan.Actions.OfType<StartInstance>().Count().ShouldBe(1);
        plan.Scale!.LackedBytes.ShouldBeGreaterThan(0);
    }

    private static ScaleDecision Apply(ScaleDecision decision, int present, int floor = 1, long size = 2048, long freeMegabytes = 0) =>
        MachineBudget.Apply(decision, present, floor, size * Megabyte, freeMegabytes * Megabyte, _now);
}
