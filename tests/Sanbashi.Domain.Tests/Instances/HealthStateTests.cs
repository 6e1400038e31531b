using FsCheck;
using FsCheck.Fluent;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Tests.Instances;

public sealed class HealthStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 12, 8, 0, 0, TimeSpan.Zero);
    private static readonly ProbeResult Refused = new(false, false, "connection refused");
    private static readonly ProbeResult Answers500 = new(false, true, "HTTP 500");

    [Fact]
    public void Next_OneSuccess_IsHealthyByDefault()
    {
        var state = After(new HealthCheck(), ProbeResult.Healthy);

        state.Status.ShouldBe(HealthStatus.Healthy);
        state.HealthySince.ShouldBe(Start);
        state.LastProblem.ShouldBeNull();
    }

    [Fact]
    public void Next_SuccessesBelowTheThreshold_ProveNothing()
    {
        var check = new HealthCheck { HealthyThreshold = 3 };

        After(check, ProbeResult.Healthy, ProbeResult.Healthy).Status.ShouldBe(HealthStatus.Unproven);
        After(check, ProbeResult.Healthy, ProbeResult.Healthy, Refused, ProbeResult.Healthy, ProbeResult.Healthy).Status.ShouldBe(HealthStatus.Unproven);
        After(check, ProbeResult.Healthy, ProbeResult.Healthy, ProbeResult.Healthy).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public void Next_FailuresOfAnInstanceThatWasNeverHealthy_LeaveItUnproven()
    {
        var state = After(new HealthCheck { UnhealthyThreshold = 1 }, Refused, Refused, Refused);

        state.Status.ShouldBe(HealthStatus.Unproven);
        state.Failures.ShouldBe(3);
        state.LastProblem.ShouldBe("connection refused");
    }

    [Fact]
    public void Next_FailuresInARowAfterHealthy_AreUnhealthyAtTheThreshold()
    {
        var check = new HealthCheck { UnhealthyThreshold = 2 };

        After(check, ProbeResult.Healthy, Refused).Status.ShouldBe(HealthStatus.Healthy);
        After(check, ProbeResult.Healthy, Refused, ProbeResult.Healthy, Refused).Status.ShouldBe(HealthStatus.Healthy);
        var lost = After(check, ProbeResult.Healthy, Refused, Answers500);
        lost.Status.ShouldBe(HealthStatus.Unhealthy);
        lost.HealthySince.ShouldBeNull();
        lost.LastProblem.ShouldBe("HTTP 500");
    }

    [Fact]
    public void Next_SuccessAfterUnhealthy_StaysUnhealthy()
    {
        var check = new HealthCheck { UnhealthyThreshold = 1 };

        var state = After(check, ProbeResult.Healthy, Refused, ProbeResult.Healthy, ProbeResult.Healthy);

        state.Status.ShouldBe(HealthStatus.Unhealthy);
        state.LastProblem.ShouldBe("connection refused");
    }

    [Fact]
    public void Next_HealthyAgainAfterAFailure_KeepsSinceWhenItWasHealthy()
    {
        After(new HealthCheck(), ProbeResult.Healthy, Refused, ProbeResult.Healthy).HealthySince.ShouldBe(Start);
    }

    [Fact]
    public void Next_BadAnswers_RememberSinceWhenThePortAnswers()
    {
        After(new HealthCheck(), Refused).AnswersBadlySince.ShouldBeNull();
        After(new HealthCheck(), Refused, Answers500, Answers500).AnswersBadlySince.ShouldBe(Start + TimeSpan.FromSeconds(1));
        After(new HealthCheck(), Answers500, Refused).AnswersBadlySince.ShouldBeNull();
        After(new HealthCheck(), Answers500, ProbeResult.Healthy).AnswersBadlySince.ShouldBeNull();
    }

    [Fact]
    public void Next_AnyProbes_KeepWhatTheStatesPromise()
    {
        var results = Gen.Elements(ProbeResult.Healthy, Refused, Answers500).ArrayOf();
        var thresholds = Gen.Choose(1, 4).Two();
        Prop.ForAll(results.ToArbitrary(), thresholds.ToArbitrary(), (probes, bounds) =>
        {
            var check = new HealthCheck { HealthyThreshold = bounds.Item1, UnhealthyThreshold = bounds.Item2 };
            var before = HealthState.Unproven;
            foreach (var (index, probe) in probes.Index())
            {
                var after = before.Next(probe, check, Start.AddSeconds(index));
                after.HealthySince.HasValue.ShouldBe(after.Status == HealthStatus.Healthy);
                if (before.Status == HealthStatus.Unhealthy)
                {
                    after.ShouldBe(before);
                }

                if (before.Status == HealthStatus.Unproven && after.Status != HealthStatus.Unproven)
                {
                    after.Status.ShouldBe(HealthStatus.Healthy);
                    after.Successes.ShouldBe(bounds.Item1);
                }

                (after.Successes == 0 || after.Failures == 0).ShouldBeTrue();
                before = after;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true));
    }

    private static HealthState After(HealthCheck check, params ProbeResult[] probes) =>
        probes.Index().Aggregate(HealthState.Unproven, (state, probe) => state.Next(probe.Item, check, Start.AddSeconds(probe.Index)));
}
