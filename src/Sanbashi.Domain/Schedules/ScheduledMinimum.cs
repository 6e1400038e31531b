namespace Sanbashi.Domain.Schedules;

/// <param name="Instances">How many instances have to be there; 0 if the schedule asks for none.</param>
/// <param name="Entry">The entry that says so.</param>
/// <param name="ChangesAt">When to look again; null if it never changes.</param>
public sealed record ScheduledMinimum(int Instances, string? Entry, DateTimeOffset? ChangesAt)
{
    public static ScheduledMinimum None { get; } = new(0, null, null);
}
