namespace Sanbashi.Domain.Schedules;

/// <summary>
/// Moments of a wall clock: minute, hour, day of the month, month, day of the week. As in cron, if both days are limited, either of them will do. A time that the clock
/// skips happens when it goes on; one that it shows twice happens the first time.
/// </summary>
public sealed class CronExpression
{
    /// <summary>Searches end there: whatever comes later is looked for again before it does.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(40);

    /// <summary>No day is longer, summer time and all.</summary>
    private static readonly TimeSpan _longestDay = TimeSpan.FromHours(27);

    private readonly CronField _minutes;
    private readonly CronField _hours;
    private readonly CronField _days;
    private readonly CronField _months;
    private readonly CronField _weekdays;

    private CronExpression(CronField minutes, CronField hours, CronField days, CronField months, CronField weekdays) =>
        (_minutes, _hours, _days, _months, _weekdays) = (minutes, hours, days, months, weekdays);

    /// <param name="problem">What is wrong, as a sentence fragment.</param>
    public static CronExpression? Parse(IReadOnlyList<string> fields, out string problem)
    {
        problem = "";
        if (fields.Count != 5)
        {
            problem = $"'{string.Join(' ', fields)}' has not the five fields of a cron expression: minute, hour, day of the month, month, day of the week";
        }
        else if (CronField.Parse(Plain(fields[0]), 0, 59) is not { } minutes)
        {
            problem = $"the minute '{fields[0]}' is not from 0 to 59";
        }
        else if (CronField.Parse(Plain(fields[1]), 0, 23) is not { } hours)
        {
            problem = $"the hour '{fields[1]}' is not from 0 to 23";
        }
        else if (CronField.Parse(Plain(fields[2]), 1, 31) is not { } days)
        {
            problem = $"the day of the month '{fields[2]}' is not from 1 to 31";
        }
        else if (CronField.ParseMonths(Plain(fields[3])) is not { } months)
        {
            problem = $"the month '{fields[3]}' is neither from 1 to 12 nor from JAN to DEC";
        }
        else if (CronField.ParseWeekdays(Plain(fields[4]), sunday: 0) is not { } weekdays)
        {
            problem = $"the day of the week '{fields[4]}' is neither from 0 to 7 nor from SUN to SAT";
        }
        else if (!Exists(days, months, weekdays))
        {
            problem = $"day {fields[2]} of month {fields[3]} never comes";
        }
        else
        {
            return new CronExpression(minutes, hours, days, months, weekdays);
        }

        return null;
    }

    /// <summary>The first moment after <paramref name="after"/>; null if there is none within <see cref="Horizon"/>.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        var end = after + Horizon;
        for (var day = Day(after - _longestDay, zone); day <= Day(end, zone); day = day.AddDays(1))
        {
            // Around a skipped hour the order of the wall clock is not that of time.
            DateTimeOffset? first = null;
            foreach (var moment in Moments(day, zone).Where(moment => moment > after))
            {
                first = first is null || moment < first ? moment : first;
            }

            if (first is not null)
            {
                return first <= end ? first : null;
            }
        }

        return null;
    }

    /// <summary>The last moment that is not after <paramref name="until"/> and after <paramref name="after"/>; null if there is none.</summary>
    public DateTimeOffset? Last(DateTimeOffset after, DateTimeOffset until, TimeZoneInfo zone)
    {
        for (var day = Day(until + _longestDay, zone); day >= Day(after - _longestDay, zone); day = day.AddDays(-1))
        {
            DateTimeOffset? last = null;
            foreach (var moment in Moments(day, zone).Where(moment => moment > after && moment <= until))
            {
                last = last is null || moment > last ? moment : last;
            }

            if (last is not null)
            {
                return last;
            }
        }

        return null;
    }

    /// <summary>A tag's value may have neither stars everywhere nor commas.</summary>
    private static string Plain(string field) => field.Replace('+', ',') switch
    {
        "any" => "*",
        var some when some.StartsWith("any/", StringComparison.Ordinal) => string.Concat("*", some.AsSpan(3)),
        var same => same,
    };

    private static DateOnly Day(DateTimeOffset moment, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);

    private static bool Exists(CronField days, CronField months, CronField weekdays) =>
        !weekdays.IsAny || Enumerable.Range(1, 12).Any(month => months.Has(month) && Enumerable.Range(1, DateTime.DaysInMonth(2024, month)).Any(days.Has));

    private IEnumerable<DateTimeOffset> Moments(DateOnly day, TimeZoneInfo zone)
    {
        if (!IsOn(day))
        {
            yield break;
        }

        for (var hour = 0; hour < 24; hour++)
        {
            for (var minute = 0; minute < 60 && _hours.Has(hour); minute++)
            {
                if (_minutes.Has(minute))
                {
                    yield return At(day.ToDateTime(new TimeOnly(hour, minute)), zone);
                }
            }
        }
    }

    private bool IsOn(DateOnly day)
    {
        var isDay = _days.Has(day.Day);
        var isWeekday = _weekdays.Has((int)day.DayOfWeek) || day.DayOfWeek == DayOfWeek.Sunday && _weekdays.Has(7);
        return _months.Has(day.Month) && (_days.IsAny || _weekdays.IsAny ? isDay && isWeekday : isDay || isWeekday);
    }

    private static DateTimeOffset At(DateTime wall, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(wall))
        {
            wall = wall.AddMinutes(1);
        }

        // The first of two has the greater offset.
        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }
}
