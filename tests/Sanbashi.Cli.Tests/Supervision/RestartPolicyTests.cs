using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Tests.Supervision;

public sealed class RestartPolicyTests
{
    [Fact]
    public void Ended_FirstTime_RestartsAtOnce() => new RestartPolicy().Ended(TimeSpan.FromHours(1)).ShouldBe(TimeSpan.Zero);

    [Fact]
    public void Ended_AgainAndAgain_WaitsEverLongerUpToABound()
    {
        var policy = new RestartPolicy();
        var waits = Enumerable.Range(0, 12).Select(_ => policy.Ended(TimeSpan.Zero)).ToList();

        waits.ShouldBe(waits.Order());
        waits[1].ShouldBeLessThan(TimeSpan.FromSeconds(1));
        waits[^1].ShouldBe(TimeSpan.FromSeconds(30));
        policy.IsCrashLoop.ShouldBeTrue();
    }

    [Fact]
    public void Ended_AfterALongLife_CountsAsTheFirstTime()
    {
        var policy = new RestartPolicy();
        for (var i = 0; i < 5; i++)
        {
            policy.Ended(TimeSpan.Zero);
        }

        policy.Ended(RestartPolicy.Recovered).ShouldBe(TimeSpan.Zero);
        policy.IsCrashLoop.ShouldBeFalse();
    }
}
