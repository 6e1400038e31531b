using System.Globalization;

namespace Sanbashi.Domain.Secrets;

/// <summary>The numbers that one field of a cron expression names: <c>*</c>, <c>3</c>, <c>1-5</c>, <c>*/4</c>, <c>JAN,JUL</c>, <c>8/2</c>.</summary>
internal sealed class CronField
{
    public static readonly string[] Months = ["", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    public static readonly string[] Weekdays = ["", "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private readonly HashSet<int> _numbers = [];

    private CronField()
    {
    }

    public bool Contains(int number) => _numbers.Contains(number);

    /// <param name="names">Words for numbers, by number.</param>
    public static CronField? TryParse(string text, int min, int max, string[] names)
    {
        var field = new CronField();
        return text.Split(',').All(part => field.Add(part, min, max, names)) ? field : null;
    }

    public static int? Number(string text, int min, int max, string[] names)
    {
        var named = Array.FindIndex(names, name => name.Length > 0 && name.Equals(text, StringComparison.OrdinalIgnoreCase));
        var number = named >= 0 ? named : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
        return number >= min && number <= max ? number : null;
    }

    private bool Add(string part, int min, int max, string[] names)
    {
        var (range, step) = part.Split('/') switch
        {
            [var whole] => (whole, 1),
            [var whole, var every] when int.TryParse(every, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed > 0 => (whole, parsed),
            _ => ("", 0),
        };
        var isStepped = part.Contains('/', StringComparison.Ordinal);
        int? first, last;
        if (range is "*" or "" && step > 0 && (range == "*" || isStepped))
        {
            (first, last) = (min, max);
        }
        else if (range.Split('-') is [var from, var to])
        {
            (first, last) = (Number(from, min, max, names), Number(to, min, max, names));
        }
        else
        {
            first = Number(range, min, max, names);
            last = isStepped ? max : first;
        }

        if (step == 0 || first is not { } start || last is not { } end || end < start)
        {
            return false;
        }

        for (var number = start; number <= end; number += step)
        {
            _numbers.Add(number);
        }

        return true;
    }
}
