using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Sanbashi.Domain.Schedules;

namespace Sanbashi.Domain.Secrets;

/// <summary>
/// A schedule of Secrets Manager: <c>rate(N hours)</c>, <c>rate(N days)</c>, or <c>cron(0 hours day-of-month month day-of-week *)</c> in UTC. Windows open on the hour,
/// so minutes are 0; rotations are at most a year apart, so the year is <c>*</c>.
/// </summary>
public sealed partial class RotationSchedule
{
    private const int LeastHours = 4;
    private const int MostDays = 999;

    /// <summary>A cron day that does not come in so long (29 February at worst) never comes.</summary>
    private const int SearchedDays = 8 * 366 + 1;

    private readonly TimeSpan? _rate;
    private readonly CronField? _hours;
    private readonly CronField? _months;
    private readonly CronDays? _days;

    private RotationSchedule(TimeSpan rate) => _rate = rate;

    private RotationSchedule(CronField hours, CronField months, CronDays days) => (_hours, _months, _days) = (hours, months, days);

    /// <param name="problem">What is wrong, as the end of a sentence about the expression.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RotationSchedule? schedule, [NotNullWhen(false)] out string? problem)
    {
        (schedule, problem) = Rate().Match(text) is { Success: true } rate ? ParseRate(rate)
            : Cron().Match(text) is { Success: true } cron ? ParseCron(cron.Groups["fields"].Value)
            : (null, "is neither rate(N hours), rate(N days) nor cron(0 hours day-of-month month day-of-week *)");
        if (schedule is not null && schedule.Next(DateTimeOffset.UnixEpoch) is null)
        {
            (schedule, problem) = (null, "names a day that never comes");
        }

        return schedule is not null;
    }

    /// <summary>The first time after another one.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (_rate is { } rate)
        {
            return after + rate;
        }

        var utc = after.UtcDateTime;
        for (var i = 0; i < SearchedDays; i++)
        {
            var day = DateOnly.FromDateTime(utc).AddDays(i);
            if (!_months!.Value.Has(day.Month) || !_days!.Contains(day))
            {
                continue;
            }

            for (var hour = 0; hour < 24; hour++)
            {
                var time = new DateTimeOffset(day.ToDateTime(new TimeOnly(hour, 0)), TimeSpan.Zero);
                if (_hours!.Value.Has(hour) && time > after)
                {
                    return time;
                }
            }
        }

        return null;
    }

    private static (RotationSchedule?, string?) ParseRate(Match match)
    {
        if (!int.TryParse(match.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return (null, $"has no whole number below {MostDays + 1}");
        }

        var isDays = match.Groups["unit"].Value.StartsWith("day", StringComparison.Ordinal);
        return (isDays && count is >= 1 and <= MostDays) || (!isDays && count >= LeastHours && count <= MostDays * 24)
            ? (new RotationSchedule(isDays ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count)), null)
            : (null, $"must be from {LeastHours} hours to {MostDays} days");
    }

    private static (RotationSchedule?, string?) ParseCron(string text)
    {
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var minutes, var hours, var dayOfMonth, var month, var dayOfWeek, var year])
        {
            return (null, "must have six fields: 0 hours day-of-month month day-of-week *");
        }

        if (minutes != "0")
        {
            return (null, "must have 0 in its minutes field");
        }

        if (year != "*")
        {
            return (null, "must have * in its year field");
        }

        if ((dayOfMonth == "?") == (dayOfWeek == "?"))
        {
            return (null, "must have ? in one of its fields day-of-month and day-of-week, and not in both");
        }

        return CronField.Parse(hours, 0, 23) is { } parsedHours
            && CronField.ParseMonths(month) is { } parsedMonths
            && CronDays.TryParse(dayOfMonth, dayOfWeek) is { } parsedDays
            ? (new RotationSchedule(parsedHours, parsedMonths, parsedDays), null)
            : (null, "has a field that cannot be read");
    }

    [GeneratedRegex(@"\Arate\((?<count>[0-9]+) (?<unit>hours?|days?)\)\z")]
    private static partial Regex Rate();

    [GeneratedRegex(@"\Acron\((?<fields>[^()]*)\)\z")]
    private static partial Regex Cron();
}
