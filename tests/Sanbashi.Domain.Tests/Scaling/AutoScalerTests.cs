using Sanbashi.Domain.Scaling;

namespace Sanbashi.Domain.Tests.Scaling;

public sealed class AutoScalerTests
{
    private static readonly DateTimeOffset _now = new(2026, 6, 12, 8, 0, 0, TimeSpan.Zero);

    private static readonly ScalingPolicy _policy = new()
    {
        MaxConcurrency = 10,
        MinSize = 1,
        MaxSize = 25,
        IdlePeriod = TimeSpan.FromSeconds(10),
        ScaleInAfter = TimeSpan.FromSeconds(60),
        MayFreeze = true,
        MinActive = 0,
        Prepared = 0,
    };

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(200, 20)]
    [InlineData(100_000, 25)]
    public void Decide_OpenRequests_HasRoomForAllOfThemAtOnce(int open, int provisioned) =>
        Decide(_policy, Load(open)).Provisioned.ShouldBe(provisioned);

    [Fact]
    public void Decide_WaitingRequests_CountLikeOpenOnes() =>
        Decide(_policy, new ServiceDemand { InFlight = 10, Waiting = 31, KnownSince = _now.AddHours(-1) }).Provisioned.ShouldBe(5);

    [Fact]
    public void Decide_LoadThatHasFallen_KeepsWhatTheWindowNeeded()
    {
        var ledger = new DemandLedger();
        ledger.Record(_now.AddSeconds(-50), 45, 0, 45);
        ledger.Record(_now.AddSeconds(-40), 3, 0, 45);
        var demand = ledger.Read(_now.AddHours(-1));

        var decision = Decide(_policy, demand, present: 5);
        decision.Provisioned.ShouldBe(5);
        decision.WakeAt.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(_now.AddSeconds(20).AddTicks(1));

        Decide(_policy, demand, present: 5, now: _now.AddSeconds(21)).Provisioned.ShouldBe(1);
    }

    [Fact]
    public void Decide_Burst_KeepsItsInstancesForTheWholeWindow()
    {
        var ledger = new DemandLedger();
        ledger.Record(_now.AddSeconds(-300), 10, 0, 10);
        ledger.Record(_now.AddSeconds(-50), 10, 0, 95);
        ledger.Record(_now.AddSeconds(-40), 10, 0, 10);

        Decide(_policy, ledger.Read(_now.AddHours(-1)), present: 10).Provisioned.ShouldBe(10);
        Decide(_policy, ledger.Read(_now.AddHours(-1)), present: 10, now: _now.AddSeconds(11)).Provisioned.ShouldBe(1);
    }

    [Fact]
    public void Decide_LoadThatRoseSlowly_GivesItsInstancesBackEvenly()
    {
        var ledger = Ramp();
        var demand = ledger.Read(_now.AddHours(-1));
        int After(double seconds) => Decide(_policy, demand, present: 10, now: _now.AddSeconds(seconds)).Provisioned;

        After(20).ShouldBe(10);
        After(40).ShouldBe(5);
        After(59).ShouldBe(1);
    }

    [Fact]
    public void Decide_LoadThatFades_NamesTheMomentAtWhichTheNextInstanceLeaves()
    {
        var demand = Ramp().Read(_now.AddHours(-1));
        var (now, present) = (_now.AddSeconds(10), 10);
        for (var looks = 0; present > 1; looks++)
        {
            var decision = Decide(_policy, demand, present, now: now);
            decision.Provisioned.ShouldBeInRange(present - 1, present);
            present = decision.Provisioned;
            now = decision.WakeAt ?? now;
            looks.ShouldBeLessThan(40);
        }

        now.ShouldBeLessThanOrEqualTo(_now.AddSeconds(61));
    }

    [Fact]
    public void Decide_InstancesThatStartSlowly_StayForTheWholeWindow() =>
        Decide(_policy with { StartsSlowly = true }, Ramp().Read(_now.AddHours(-1)), present: 10, now: _now.AddSeconds(59)).Provisioned.ShouldBe(10);

    [Fact]
    public void Decide_BriefPeakBetweenReports_IsNotForgotten()
    {
        var ledger = new DemandLedger();
        ledger.Record(_now.AddSeconds(-5), 0, 0, highest: 95);

        Decide(_policy, ledger.Read(_now.AddHours(-1)), present: 10).Provisioned.ShouldBe(10);
    }

    [Fact]
    public void Decide_WithoutAWindowOfHistory_TakesNothingAway()
    {
        Decide(_policy, new ServiceDemand { KnownSince = _now.AddSeconds(-59) }, present: 7).Provisioned.ShouldBe(7);
        Decide(_policy, ServiceDemand.Unknown, present: 7).Provisioned.ShouldBe(7);
        Decide(_policy, new ServiceDemand { KnownSince = _now.AddSeconds(-60) }, present: 7).Provisioned.ShouldBe(1);
    }

    [Fact]
    public void Decide_ShortHistory_StillScalesOut() =>
        Decide(_policy, new ServiceDemand { Waiting = 95, KnownSince = null }, present: 1).Provisioned.ShouldBe(10);

    [Fact]
    public void Decide_NoRequestsForTheIdlePeriod_LetsEverythingSleep()
    {
        Decide(_policy with { MinSize = 3 }, Load(0), present: 3).ShouldBe(new ScaleDecision(3, 0, null));
        Decide(_policy with { MinSize = 3, MinActive = 1 }, Load(0), present: 3).Active.ShouldBe(1);
        Decide(_policy with { MinSize = 3, MayFreeze = false }, Load(0), present: 3).Active.ShouldBe(3);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(30, 3)]
    public void Decide_RequestsAtOnce_AreSpreadOverWhatIsThere(int open, int active) =>
        Decide(_policy with { MinSize = 3 }, Load(open), present: 3).Active.ShouldBe(active);

    [Fact]
    public void Decide_WithUnknownIdlePeriod_LetsNothingFallAsleepAndWakesNothing() =>
        Decide(_policy with { MinSize = 3 }, ServiceDemand.Unknown, present: 3, awake: 2).Active.ShouldBe(2);

    [Fact]
    public void Decide_ToZero_AfterTheIdlePeriodOnly()
    {
        var policy = _policy with { MinSize = 0 };
        Decide(policy, Load(0), present: 1, idleSince: _now.AddSeconds(-9)).ShouldBe(new ScaleDecision(1, 0, _now.AddSeconds(1)));
        Decide(policy, Load(0), present: 1, idleSince: _now.AddSeconds(-10)).Provisioned.ShouldBe(0);
        Decide(policy, Load(0), present: 1, idleSince: null).Provisioned.ShouldBe(1);
        Decide(policy, Load(0), present: 0).Provisioned.ShouldBe(0);
    }

    [Fact]
    public void Decide_FromZero_StartsOneInstanceHoweverManyWait()
    {
        var policy = _policy with { MinSize = 0 };
        var demand = new ServiceDemand { Waiting = 200, KnownSince = _now.AddHours(-1) };
        Decide(policy, demand, present: 0, proven: 0).Provisioned.ShouldBe(1);
        Decide(policy, demand, present: 1, proven: 0).Provisioned.ShouldBe(1);
        Decide(policy, demand, present: 1, proven: 1).Provisioned.ShouldBe(20);
    }

    [Fact]
    public void Decide_Prepared_KeepsInstancesForABurstAndLetsThemSleep()
    {
        var policy = _policy with { Prepared = 20 };
        Decide(policy, Load(0), present: 20).ShouldBe(new ScaleDecision(20, 0, null));
        Decide(policy, Load(200), present: 20).ShouldBe(new ScaleDecision(20, 20, null));
        Decide(policy with { MaxSize = 5 }, Load(0), present: 5).Provisioned.ShouldBe(5);
    }

    [Fact]
    public void Decide_AnyLoad_StaysWithinItsBoundsAndNeverTurnsBackAtOnce()
    {
        var random = new Random(4711);
        for (var round = 0; round < 300; round++)
        {
            var policy = _policy with
            {
                MaxConcurrency = random.Next(1, 201),
                MinSize = random.Next(0, 5),
                MaxSize = random.Next(5, 26),
                MinActive = random.Next(0, 3),
                Prepared = random.Next(0, 4),
                IdlePeriod = TimeSpan.FromSeconds(random.Next(1, 30)),
                ScaleInAfter = TimeSpan.FromSeconds(random.Next(1, 120)),
            };
            var ledger = new DemandLedger();
            var (now, present, lastOut) = (_now, policy.MinSize, DateTimeOffset.MinValue);
            for (var step = 0; step < 200; step++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(1, 20_000));
                var (open, waiting) = (random.Next(0, 3) * random.Next(0, 1000), random.Next(0, 2) * random.Next(0, 50));
                ledger.Record(now, open, waiting, open + waiting + random.Next(0, 20));
                var demand = ledger.Read(_now.AddHours(-2));

                var decision = AutoScaler.Decide(policy, demand, InstanceUsage.None, present, present, present, null, now);

                decision.Provisioned.ShouldBeInRange(Math.Min(1, present) * policy.MinSize, policy.MaxSize);
                decision.Active.ShouldBeInRange(0, decision.Provisioned);
                if (policy.MinSize > 0 || present > 0)
                {
                    decision.Provisioned.ShouldBeGreaterThanOrEqualTo(Math.Min(policy.Needed(open + waiting), policy.MaxSize));
                }

                (decision.WakeAt is null || decision.WakeAt > now).ShouldBeTrue();
                if (decision.Provisioned > present)
                {
                    lastOut = now;
                }
                else if (decision.Provisioned < present)
                {
                    // What was started for load stays for a while at least, and after a burst for the whole window.
                    (now - lastOut).ShouldBeGreaterThanOrEqualTo(policy.ScaleInAfter < ScalingDefaults.PeakHold ? policy.ScaleInAfter : ScalingDefaults.PeakHold);
                    var again = demand.PeakSince(now) + demand.BurstSince(now - policy.ScaleInAfter);
                    decision.Provisioned.ShouldBeGreaterThanOrEqualTo(Math.Min(present, policy.Needed(Math.Min(demand.PeakSince(now - policy.ScaleInAfter), again))));
                }

                present = decision.Provisioned;
            }
        }
    }

    /// <summary>From 40 to 95 within a minute until now; nothing since.</summary>
    private static DemandLedger Ramp()
    {
        var ledger = new DemandLedger();
        ledger.Record(_now.AddSeconds(-600), 40, 0, 40);
        for (var second = -59; second <= 0; second++)
        {
            var open = 95 + (55 * second / 60);
            ledger.Record(_now.AddSeconds(second), open, 0, open);
        }

        ledger.Record(_now, 0, 0, 95);
        return ledger;
    }

    private static ServiceDemand Load(int open) => new() { InFlight = open, KnownSince = _now.AddHours(-1) };

    private static ScaleDecision Decide(
        ScalingPolicy policy, ServiceDemand demand, int present = 1, int? awake = null, int? proven = null, DateTimeOffset? idleSince = null, DateTimeOffset? now = null) =>
        AutoScaler.Decide(policy, demand, InstanceUsage.None, present, awake ?? present, proven ?? present, idleSince, now ?? _now);
}
