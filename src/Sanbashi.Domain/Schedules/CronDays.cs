using System.Globalization;

namespace Sanbashi.Domain.Schedules;

/// <summary>
/// The days that a cron expression of AWS names, by day of the month (<c>15</c>, <c>L</c> for the last, <c>15W</c> for the weekday nearest to it) or by day of the week
/// (<c>MON-FRI</c>, <c>6L</c> for the last Friday, <c>3#2</c> for the second Tuesday). Sunday is 1.
/// </summary>
internal sealed class CronDays
{
    private const int Sunday = 1;

    private readonly Func<DateOnly, bool> _contains;

    private CronDays(Func<DateOnly, bool> contains) => _contains = contains;

    public bool Contains(DateOnly day) => _contains(day);

    public static CronDays? TryParse(string dayOfMonth, string dayOfWeek) =>
        (dayOfWeek == "?" ? OfMonth(dayOfMonth) : OfWeek(dayOfWeek)) is { } contains ? new CronDays(contains) : null;

    private static Func<DateOnly, bool>? OfMonth(string text)
    {
        if (text == "L")
        {
            return static day => day.Day == LastDay(day);
        }

        if (text.EndsWith('W'))
        {
            return int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var nearest) && nearest is >= 1 and <= 31 ? day => IsNearestWeekday(day, nearest) : null;
        }

        return CronField.Parse(text, 1, 31) is { } field ? day => field.Has(day.Day) : null;
    }

    private static Func<DateOnly, bool>? OfWeek(string text)
    {
        if (text == "L")
        {
            return static day => day.DayOfWeek == DayOfWeek.Saturday;
        }

        if (text.EndsWith('L'))
        {
            return CronField.Weekday(text[..^1], Sunday) is { } weekday ? day => Weekday(day) == weekday && day.Day + 7 > LastDay(day) : null;
        }

        if (text.Split('#') is [var which, var nth])
        {
            return CronField.Weekday(which, Sunday) is { } weekday && int.TryParse(nth, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 5
                ? day => Weekday(day) == weekday && (day.Day + 6) / 7 == count
                : null;
        }

        return CronField.ParseWeekdays(text, Sunday) is { } field ? day => field.Has(Weekday(day)) : null;
    }

    /// <summary>Within the month: the 1st on a Saturday means Monday the 3rd.</summary>
    private static bool IsNearestWeekday(DateOnly day, int wanted)
    {
        if (wanted > LastDay(day))
        {
            return false;
        }

        var target = new DateOnly(day.Year, day.Month, wanted);
        var moved = target.DayOfWeek switch
        {
            DayOfWeek.Saturday => wanted == 1 ? 2 : -1,
            DayOfWeek.Sunday => wanted == LastDay(day) ? -2 : 1,
            _ => 0,
        };
        return day == target.AddDays(moved);
    }

    private static int Weekday(DateOnly day) => (int)day.DayOfWeek + Sunday;

    private static int LastDay(DateOnly day) => DateTime.DaysInMonth(day.Year, day.Month);
}
