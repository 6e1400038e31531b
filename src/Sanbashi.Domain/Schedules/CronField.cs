using System.Globalization;

namespace Sanbashi.Domain.Schedules;

/// <summary>One field of a cron expression: the numbers that it allows, as bits.</summary>
internal readonly record struct CronField(ulong Bits, bool IsAny)
{
    private const string Everything = "*";

    private static readonly string[] _months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] _weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    public bool Has(int number) => (Bits & (1UL << number)) != 0;

    public static CronField? ParseMonths(string text) => Parse(text, 1, 12, _months);

    /// <param name="sunday">The number of Sunday: 0 in cron, where 7 is Sunday too, 1 in AWS's schedules.</param>
    public static CronField? ParseWeekdays(string text, int sunday) => Parse(text, sunday, 7, _weekdays);

    /// <summary>One day of the week.</summary>
    public static int? Weekday(string text, int sunday) => Number(text, sunday, _weekdays) is var number && number >= sunday && number <= 7 ? number : null;

    /// <summary>Numbers, names, ranges (<c>1-5</c>), steps (<c>*/15</c>, <c>8/2</c>) and lists of them; null if it is none of these.</summary>
    /// <param name="names">What stands for the numbers from <paramref name="least"/> on.</param>
    public static CronField? Parse(string text, int least, int most, params ReadOnlySpan<string> names)
    {
        ulong bits = 0;
        foreach (var part in text.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 1),
                [var some, var every] when int.TryParse(every, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 100 => (some, number),
                _ => ("", 0),
            };
            var isStepped = part.Length > range.Length;
            var (first, last) = range == Everything ? (least, most) : range.Split('-') switch
            {
                [var only] => (Number(only, least, names), isStepped ? most : Number(only, least, names)),
                [var from, var to] => (Number(from, least, names), Number(to, least, names)),
                _ => (-1, -1),
            };
            if (step == 0 || first < least || last > most || first > last)
            {
                return null;
            }

            for (var number = first; number <= last; number += step)
            {
                bits |= 1UL << number;
            }
        }

        return new CronField(bits, text == Everything);
    }

    private static int Number(string text, int least, ReadOnlySpan<string> names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (string.Equals(names[i], text, StringComparison.OrdinalIgnoreCase))
            {
                return least + i;
            }
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
    }
}
