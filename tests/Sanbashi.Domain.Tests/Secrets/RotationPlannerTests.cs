using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.Domain.Tests.Secrets;

public sealed class RotationPlannerTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private static SecretRecord Secret => new()
    {
        Scope = new ResourceScope("000000000000", "local-1"),
        Id = "1",
        Name = "db",
        Suffix = "AAAAAA",
        CreatedAt = _now,
        ChangedAt = _now,
        Versions = [new SecretVersion { Id = "old", CreatedAt = _now, Stages = [SecretStages.Current] }, new SecretVersion { Id = "new", CreatedAt = _now, Stages = [SecretStages.Pending] }],
        Rotation = new SecretRotation { Since = _now, IsEnabled = true, AutomaticallyAfterDays = 1 },
    };

    private static SecretRecord Rotating => Secret with { Run = new RotationRun { VersionId = "new", StartedAt = _now } };

    [Fact]
    public void Plan_BySchedule_BeginsWhenItIsDue()
    {
        RotationPlanner.Plan(Secret, _now).ShouldBe(new RotationPlan.Wait(_now.AddDays(1)));
        RotationPlanner.Plan(Secret, _now.AddDays(1)).ShouldBe(new RotationPlan.Begin());
        RotationPlanner.Plan(Secret with { RotatedAt = _now.AddHours(5) }, _now.AddDays(1)).ShouldBe(new RotationPlan.Wait(_now.AddHours(29)));
        RotationPlanner.Plan(Secret with { Rotation = null }, _now.AddDays(9)).ShouldBe(new RotationPlan.Wait(null));
        RotationPlanner.Plan(Secret with { Rotation = Secret.Rotation! with { IsEnabled = false } }, _now.AddDays(9)).ShouldBe(new RotationPlan.Wait(null));
        RotationPlanner.Plan(Rotating with { DeletedAt = _now }, _now.AddDays(9)).ShouldBe(new RotationPlan.Wait(null));
    }

    [Fact]
    public void Steps_OneAfterTheOther_EndWithTheNewVersionCurrent()
    {
        var secret = Rotating;
        foreach (var step in Enum.GetValues<RotationStep>())
        {
            RotationPlanner.Plan(secret, _now).ShouldBe(new RotationPlan.Take(step));
            secret = RotationPlanner.Advance(secret, _now);
        }

        secret.Run.ShouldBeNull();
        secret.RotatedAt.ShouldBe(_now);
        secret.Versions.Select(version => (version.Id, string.Join(' ', version.Stages))).ShouldBe([("old", "AWSPREVIOUS"), ("new", "AWSCURRENT")]);
    }

    [Fact]
    public void Step_ThatFails_IsTakenAgainAfterGrowingPausesAndThenLeftToTheNextRotation()
    {
        var (secret, now) = (RotationPlanner.Advance(Rotating, _now), _now);
        foreach (var pause in RotationPlanner.Pauses)
        {
            secret = RotationPlanner.Fail(secret, "refused", now);
            RotationPlanner.Plan(secret, now).ShouldBe(new RotationPlan.Wait(now + pause));
            now += pause;
            RotationPlanner.Plan(secret, now).ShouldBe(new RotationPlan.Take(RotationStep.SetSecret));
        }

        secret = RotationPlanner.Fail(secret, "refused", now);
        secret.Run!.HasGivenUp.ShouldBeTrue();
        RotationPlanner.Plan(secret, now).ShouldBe(new RotationPlan.Wait(now.AddDays(1)));
        RotationPlanner.Plan(secret, now.AddDays(1)).ShouldBe(new RotationPlan.Begin());
    }

    [Fact]
    public void Step_ThatSucceedsAtLast_ForgetsItsFailures()
    {
        var secret = RotationPlanner.Advance(RotationPlanner.Fail(Rotating, "refused", _now), _now);

        (secret.Run!.Step, secret.Run.Failures, secret.Run.Failure).ShouldBe((RotationStep.SetSecret, 0, null));
    }
}
