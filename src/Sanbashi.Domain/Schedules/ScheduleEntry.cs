namespace Sanbashi.Domain.Schedules;

/// <param name="Instances">At least this many, from each start on.</param>
/// <param name="Duration">Elapsed time, whatever the clock does meanwhile.</param>
/// <param name="Zone">Whose clock it is.</param>
/// <param name="Text">The entry in its normal form.</param>
public sealed record ScheduleEntry(int Instances, CronExpression Start, TimeSpan Duration, TimeZoneInfo Zone, string Text);
