namespace Sanbashi.Domain.Secrets;

/// <summary>
/// Decides when secrets are rotated and how a rotation goes on. Pure. A step that fails is tried again after growing pauses; then the rotation waits for the next one,
/// by schedule or on demand, which goes on with the version that is pending.
/// </summary>
public static class RotationPlanner
{
    /// <summary>Before the second attempt of a step, the third, ...</summary>
    public static IReadOnlyList<TimeSpan> Pauses { get; } =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)];

    public static RotationPlan Plan(SecretRecord secret, DateTimeOffset now)
    {
        if (secret.IsDeleted || secret.Rotation is not { } rotation)
        {
            return new RotationPlan.Wait(null);
        }

        if (secret.Run is { HasGivenUp: false } run)
        {
            var due = run.Failures > 0 ? run.FailedAt + Pauses[run.Failures - 1] : null;
            return due > now ? new RotationPlan.Wait(due) : new RotationPlan.Take(run.Step);
        }

        // One that has given up counts as a rotation: the schedule goes on from it.
        var next = rotation.Next(Later(secret.RotatedAt, secret.Run?.FailedAt));
        return next <= now ? new RotationPlan.Begin() : new RotationPlan.Wait(next);
    }

    /// <summary>A step is done.</summary>
    public static SecretRecord Advance(SecretRecord secret, DateTimeOffset now)
    {
        var run = secret.Run!;
        return run.Step == RotationStep.FinishSecret
            ? secret with
            {
                Versions = SecretStages.Detach(SecretStages.Attach(secret.Versions, run.VersionId, [SecretStages.Current]), SecretStages.Pending),
                RotatedAt = now,
                ChangedAt = now,
                Run = null,
            }
            : secret with { Run = run with { Step = run.Step + 1, Failures = 0, FailedAt = null, Failure = null } };
    }

    public static SecretRecord Fail(SecretRecord secret, string why, DateTimeOffset now) =>
        secret with { Run = secret.Run! with { Failures = secret.Run.Failures + 1, FailedAt = now, Failure = why } };

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one > other || other is null ? one : other;
}
