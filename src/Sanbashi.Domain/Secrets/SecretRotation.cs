namespace Sanbashi.Domain.Secrets;

/// <summary>How a secret is rotated.</summary>
public sealed record SecretRotation
{
    /// <summary>What carries the rotation out.</summary>
    public string? RotatorArn { get; init; }

    /// <summary>Whether it is rotated by schedule; cancelled, the rest stays for the next time.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>When it was asked for; the schedule counts from here until the first rotation.</summary>
    public required DateTimeOffset Since { get; init; }

    public int? AutomaticallyAfterDays { get; init; }

    /// <summary><c>rate(...)</c> or <c>cron(...)</c>.</summary>
    public string? ScheduleExpression { get; init; }

    /// <summary>Length of the window, such as <c>3h</c>.</summary>
    public string? Duration { get; init; }

    public string? ExternalRoleArn { get; init; }

    /// <summary>When the next rotation is due; null without a schedule.</summary>
    public DateTimeOffset? Next(DateTimeOffset? rotatedAt)
    {
        if (!IsEnabled)
        {
            return null;
        }

        var last = rotatedAt > Since ? rotatedAt.Value : Since;
        return AutomaticallyAfterDays is { } days
            ? last.AddDays(days)
            : ScheduleExpression is { } expression && RotationSchedule.TryParse(expression, out var schedule, out _) ? schedule.Next(last) : null;
    }
}
