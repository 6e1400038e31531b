using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Tests.Deployments;

public sealed class SecretRefreshTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Decide_NothingChanged_IsSettledWhateverWasBegun()
    {
        SecretRefresh.Decide(new RefreshAttempt("x", 3, _now), Versions("1"), isChanged: false, isCancelled: false, _now).ShouldBeOfType<SecretRefreshDecision.Settled>();
    }

    [Fact]
    public void Decide_OtherVersions_BeginAtOnce()
    {
        var first = SecretRefresh.Decide(null, Versions("1"), isChanged: true, isCancelled: false, _now).ShouldBeOfType<SecretRefreshDecision.Begin>();
        first.Attempt.Count.ShouldBe(1);

        // As often as there are new ones, also after many attempts for older ones, and after a cancelled one.
        var next = SecretRefresh.Decide(first.Attempt with { Count = 9 }, Versions("2"), isChanged: true, isCancelled: true, _now).ShouldBeOfType<SecretRefreshDecision.Begin>();
        next.Attempt.Count.ShouldBe(1);
        next.Attempt.Pins.ShouldNotBe(first.Attempt.Pins);
    }

    [Fact]
    public void Decide_SameVersionsAgain_AfterGrowingPausesAndThenNoMore()
    {
        var (now, attempts) = (_now, new List<DateTimeOffset>());
        RefreshAttempt? last = null;
        while (true)
        {
            switch (SecretRefresh.Decide(last, Versions("1"), isChanged: true, isCancelled: false, now))
            {
                case SecretRefreshDecision.Begin begin:
                    attempts.Add(now);
                    last = begin.Attempt;
                    continue;
                case SecretRefreshDecision.Wait wait:
                    wait.Until.ShouldBeGreaterThan(now);
                    now = wait.Until;
                    continue;
                case var end:
                    end.ShouldBe(new SecretRefreshDecision.GiveUp(IsCancelled: false));
                    break;
            }

            break;
        }

        attempts.Zip(attempts.Skip(1), (one, other) => other - one).ShouldBe(SecretRefresh.Pauses);
    }

    [Fact]
    public void Decide_AfterACancelledAttempt_LeavesItToWhoeverCancelled()
    {
        var begun = SecretRefresh.Decide(null, Versions("1"), isChanged: true, isCancelled: false, _now).ShouldBeOfType<SecretRefreshDecision.Begin>();

        SecretRefresh.Decide(begun.Attempt, Versions("1"), isChanged: true, isCancelled: true, _now.AddDays(1)).ShouldBe(new SecretRefreshDecision.GiveUp(IsCancelled: true));
    }

    private static Dictionary<string, PinnedSecret> Versions(string version) => new() { ["A"] = new("arn:a", "arn:a", version, null), ["B"] = new("arn:b", "arn:b", "1", "key") };
}
