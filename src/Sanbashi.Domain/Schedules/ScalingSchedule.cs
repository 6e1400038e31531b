namespace Sanbashi.Domain.Schedules;

/// <summary>Minimums for known peaks. Pure: the same schedule and moment give the same answer.</summary>
/// <param name="Entries">Where several hold at once, the largest counts.</param>
public sealed record ScalingSchedule(IReadOnlyList<ScheduleEntry> Entries)
{
    public static ScalingSchedule None { get; } = new([]);

    public ScheduledMinimum At(DateTimeOffset now)
    {
        var result = ScheduledMinimum.None;
        DateTimeOffset? change = null;
        foreach (var entry in Entries)
        {
            if (entry.Start.Last(now - entry.Duration, now, entry.Zone) is { } started)
            {
                result = entry.Instances > result.Instances ? new ScheduledMinimum(entry.Instances, entry.Text, null) : result;
                change = Earlier(change, started + entry.Duration);
            }

            change = Earlier(change, entry.Start.Next(now, entry.Zone) ?? now + CronExpression.Horizon);
        }

        return result with { ChangesAt = change };
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;
}
