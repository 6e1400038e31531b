using System.Globalization;

namespace Sanbashi.Domain.Schedules;

/// <summary>One field of a cron expression: the numbers that it allows, as bits.</summary>
internal readonly record struct CronField(ulong Bits, bool IsAny)
{
    public bool Has(int number) => (Bits & (1UL << number)) != 0;

    /// <summary>Numbers, names, ranges (<c>1-5</c>), steps (<c>*/15</c>) and lists of them; null if it is none of these.</summary>
    /// <param name="names">What stands for the numbers from <paramref name="least"/> on.</param>
    public static CronField? Parse(string text, int least, int most, params ReadOnlySpan<string> names)
    {
        ulong bits = 0;
        foreach (var part in text.Split(',', '+'))
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 1),
                [var some, var every] when int.TryParse(every, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => (some, number),
                _ => ("", 0),
            };
            var (first, last) = IsEverything(range) ? (least, most) : range.Split('-') switch
            {
                [var only] => (Number(only, least, names), step > 1 ? most : Number(only, least, names)),
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

        return new CronField(bits, IsEverything(text));
    }

    /// <summary>A tag's value may not have a star everywhere.</summary>
    private static bool IsEverything(string text) => text is "*" or "any";

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
