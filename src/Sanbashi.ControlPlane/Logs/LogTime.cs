using System.Buffers.Text;

namespace Sanbashi.ControlPlane.Logs;

/// <summary>Stamps of log lines: nanoseconds since the Unix epoch, written as RFC 3339 in UTC with nine digits.</summary>
internal static class LogTime
{
    /// <summary>Of <c>2026-05-02T10:11:12.123456789Z</c>.</summary>
    public const int Length = 30;

    private const int SecondsLength = 19;
    private const long PerSecond = 1_000_000_000;

    public static long Of(DateTimeOffset moment) => (moment.UtcTicks - DateTime.UnixEpoch.Ticks) * 100;

    public static DateTimeOffset Moment(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);

    public static long OfMilliseconds(long milliseconds) => checked(milliseconds * 1_000_000);

    public static long Milliseconds(long nanoseconds) => nanoseconds / 1_000_000;

    public static void Write(long nanoseconds, Span<byte> destination)
    {
        var seconds = DateTime.UnixEpoch.AddSeconds(nanoseconds / PerSecond);
        seconds.TryFormat(destination, out _, "yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        destination[SecondsLength] = (byte)'.';
        Utf8Formatter.TryFormat(nanoseconds % PerSecond, destination[(SecondsLength + 1)..], out _, new System.Buffers.StandardFormat('D', 9));
        destination[Length - 1] = (byte)'Z';
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < Length || text[4] != '-' || text[10] != 'T' || text[SecondsLength] != '.' || text[Length - 1] != 'Z'
            || !TryDigits(text, 0, 4, out var year) || !TryDigits(text, 5, 2, out var month) || !TryDigits(text, 8, 2, out var day)
            || !TryDigits(text, 11, 2, out var hour) || !TryDigits(text, 14, 2, out var minute) || !TryDigits(text, 17, 2, out var second)
            || !TryDigits(text, 20, 9, out var fraction)
            || year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        nanoseconds = (ticks * 100) + fraction;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, int start, int count, out int value)
    {
        value = 0;
        foreach (var digit in text.Slice(start, count))
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return true;
    }
}
