using Sanbashi.Domain.Scaling;

namespace Sanbashi.Domain.Tests.Scaling;

public sealed class DemandLedgerTests
{
    private static readonly DateTimeOffset _start = new(2026, 6, 12, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void PeakSince_AnyHistory_IsTheHighestLevelThatHeldAtAnyMomentOfTheWindow()
    {
        var random = new Random(42);
        var ledger = new DemandLedger();
        var levels = new List<(DateTimeOffset From, DateTimeOffset Until, int Level)>();
        var (now, level) = (_start, 0);
        for (var i = 0; i < 2000; i++)
        {
            var before = now;
            now += TimeSpan.FromMilliseconds(random.Next(1, 5_000));
            var highest = Math.Max(level, random.Next(0, 40));
            levels.Add((before, now, highest));
            level = random.Next(0, 30);
            ledger.Record(now, level, 0, Math.Max(highest, level));

            var window = TimeSpan.FromSeconds(random.Next(0, 120));
            var expected = levels.Where(held => held.Until >= now - window).Max(held => held.Level);
            ledger.Read(null).PeakSince(now - window).ShouldBe(Math.Max(expected, level));
        }
    }

    [Fact]
    public void Read_AfterLongSteadyUse_IsBoundedByTheHeightOfTheLoad()
    {
        var ledger = new DemandLedger();
        for (var i = 0; i < 100_000; i++)
        {
            ledger.Record(_start.AddMilliseconds(i), i * 7919 % 50, 0, i * 7919 % 50);
        }

        ledger.Read(null).Peaks.Count.ShouldBeLessThanOrEqualTo(50);
    }

    [Fact]
    public void FallsAt_OfALevelInThePast_IsWhenItLeavesTheWindow()
    {
        var ledger = new DemandLedger();
        ledger.Record(_start, 9, 0, 9);
        ledger.Record(_start.AddSeconds(5), 2, 0, 9);
        var demand = ledger.Read(null);

        var falls = demand.FallsAt(_start.AddSeconds(6), TimeSpan.FromSeconds(10)).ShouldNotBeNull();

        demand.PeakSince(falls - TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1)).ShouldBe(9);
        demand.PeakSince(falls - TimeSpan.FromSeconds(10)).ShouldBe(2);
        demand.FallsAt(falls, TimeSpan.FromSeconds(10)).ShouldBeNull();
    }
}
