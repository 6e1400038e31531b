using System.Globalization;

namespace Sanbashi.Domain.Settings;

/// <summary>Durations as people write them: <c>90s</c>, <c>15m</c>, <c>2h</c>, <c>1h30m</c>, or a plain number of seconds.</summary>
public static class DurationText
{
    private static readonly (char Unit, long Seconds)[] _units = [('h', 3600), ('m', 60), ('s', 1)];

    /// <summary>Whole seconds up to ten years; each unit at most once and in the order h, m, s.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length is 0 or > 20)
        {
            return false;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var plain))
        {
            return TryAccept(plain, out duration);
        }

        long total = 0;
        var start = 0;
        var nextUnit = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                continue;
            }

            var unit = Array.FindIndex(_units, nextUnit, u => u.Unit == text[i]);
            if (unit < 0 || !long.TryParse(text.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > MaxSeconds)
            {
                return false;
            }

            total += count * _units[unit].Seconds;
            nextUnit = unit + 1;
            start = i + 1;
        }

        return start == text.Length && TryAccept(total, out duration);
    }

    /// <summary>The shortest form with one unit: <c>2h</c>, <c>90m</c>, <c>90s</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var (unit, size) = seconds == 0 ? _units[^1] : _units.First(u => seconds % u.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / size}{unit}");
    }

    private const long MaxSeconds = 10L * 366 * 24 * 3600;

    private static bool TryAccept(long seconds, out TimeSpan duration)
    {
        duration = seconds <= MaxSeconds ? TimeSpan.FromSeconds(seconds) : default;
        return seconds <= MaxSeconds;
    }
}
