using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Settings;
using Sanbashi.Domain.Tests.Deployments;

namespace Sanbashi.Domain.Tests.Scaling;

public sealed class UsageTests
{
    private static readonly DateTimeOffset _now = Given.Now;

    private static readonly ScalingPolicy _policy = new()
    {
        MaxConcurrency = 10,
        MinSize = 1,
        MaxSize = 25,
        IdlePeriod = TimeSpan.FromSeconds(10),
        ScaleInAfter = TimeSpan.FromSeconds(60),
        ScaleOn = new UsageTargets(70, 80),
        MayFreeze = true,
        MinActive = 0,
        Prepared = 0,
    };

    [Theory]
    [InlineData(1, 70, 1)]
    [InlineData(1, 77, 1)]
    [InlineData(1, 78, 2)]
    [InlineData(1, 100, 2)]
    [InlineData(4, 400, 6)]
    [InlineData(20, 2000, 25)]
    public void Decide_MoreCpuThanTheTarget_ScalesOutInProportion(int present, int cpu, int provisioned) =>
        Decide(Used(cpu, 0), present).Provisioned.ShouldBe(provisioned);

    [Fact]
    public void Decide_SeveralSignals_FollowsTheOneThatNeedsMost()
    {
        Decide(Used(300, 100), 4).Provisioned.ShouldBe(4);
        Decide(Used(100, 390), 4).Provisioned.ShouldBe(5);
        Decide(Used(10, 10), 1, open: 55).ShouldBe(new ScaleDecision(6, 6, _now.AddSeconds(60).AddTicks(1)));
        Decide(Used(100, 100), 1, open: 5).IsByUsage.ShouldBeTrue();
        Decide(Used(390, 0), 4, targets: new UsageTargets(null, 80)).Provisioned.ShouldBe(1);
    }

    [Fact]
    public void Decide_LessUse_LeavesAfterAWholeWindowOnly()
    {
        var ledger = new UsageLedger();
        ledger.Record(_now, 260, 0);
        ledger.Record(_now.AddSeconds(10), 100, 0);

        Decide(ledger.Read(), 4, after: 60).Provisioned.ShouldBe(4);
        Decide(ledger.Read(), 4, after: 61).Provisioned.ShouldBe(2);
    }

    [Fact]
    public void Decide_OldReadings_StartNothing() => Decide(Used(500, 500), 1, after: 31).Provisioned.ShouldBe(1);

    [Fact]
    public void Decide_WithoutRequests_LetsBusyInstancesSleep()
    {
        Decide(Used(60, 60), 1).Active.ShouldBe(0);
        Decide(Used(200, 60), 2).ShouldBe(new ScaleDecision(3, 0, _now.AddSeconds(60).AddTicks(1), IsByUsage: true));
        Decide(Used(200, 60), 2, open: 1).Active.ShouldBe(3);
    }

    /// <summary>An application whose requests cost more CPU than room: the load is the same throughout, and so is the number of instances once it is found.</summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.75)]
    [InlineData(2.2)]
    [InlineData(7.7)]
    public void Decide_SteadyCpuLoad_SettlesAndStays(double load)
    {
        var ledger = new UsageLedger();
        var random = new Random(7);
        var (present, counts) = (1, new List<int>());
        for (var reading = 0; reading < 60; reading++)
        {
            var now = _now.AddSeconds(10 * reading);
            var used = Math.Min(present, load * (0.97 + (0.06 * random.NextDouble())));
            ledger.Record(now, (int)(used * 100), 0);
            present = Decide(ledger.Read(), present, open: 3, after: 10 * reading).Provisioned;
            counts.Add(present);
        }

        counts.Skip(10).Distinct().Count().ShouldBe(1);
        (load / counts[^1]).ShouldBeInRange(Math.Min(0.3, load), 0.77);
    }

    [Theory]
    [InlineData("cpu:70", "cpu:70")]
    [InlineData("memory:80,cpu:70", "cpu:70 memory:80")]
    [InlineData("cpu:70 memory:100", "cpu:70 memory:100")]
    public void Read_Signals_HaveANormalForm(string text, string normal) => SettingsCatalog.Find("scale-on")!.Read(text, ServiceSettings.Default).Value.ShouldBe(normal);

    [Theory]
    [InlineData("")]
    [InlineData("cpu")]
    [InlineData("70")]
    [InlineData("cpu:9")]
    [InlineData("cpu:101")]
    [InlineData("cpu:70%")]
    [InlineData("disk:70")]
    [InlineData("cpu:70 cpu:80")]
    public void Read_WhatIsNoSignal_IsRefused(string text) => SettingsCatalog.Find("scale-on")!.Read(text, ServiceSettings.Default).Problem.ShouldNotBeNull();

    [Fact]
    public void Plan_InstanceThatUsesTooMuch_GetsAnother()
    {
        var running = Given.Running();
        var busy = running with
        {
            Settings = running.Settings with { ScaleOn = new UsageTargets(70, null) },
            Demand = new ServiceDemand { InFlight = 1, KnownSince = _now.AddHours(-1) },
            Usage = new Dictionary<int, InstanceUsage> { [1] = Used(95, 10) },
        };

        busy.Plan().Actions.OfType<StartInstance>().Count().ShouldBe(1);
    }

    private static InstanceUsage Used(int cpu, int memory)
    {
        var ledger = new UsageLedger();
        ledger.Record(_now, cpu, memory);
        return ledger.Read();
    }

    private static ScaleDecision Decide(InstanceUsage usage, int present, int open = 0, double after = 0, UsageTargets? targets = null) => AutoScaler.Decide(
        _policy with { ScaleOn = targets ?? _policy.ScaleOn },
        new ServiceDemand { InFlight = open, KnownSince = _now.AddHours(-1) },
        usage,
        present,
        present,
        present,
        null,
        _now.AddSeconds(after));
}
