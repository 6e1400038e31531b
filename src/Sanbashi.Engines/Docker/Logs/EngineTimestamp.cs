using System.Globalization;
using System.Text;

namespace Sanbashi.Engines.Docker.Logs;

/// <summary>Time stamps of log lines: RFC 3339, with nanoseconds from Docker, whole seconds from Podman. Kept as Unix time in nanoseconds.</summary>
internal static class EngineTimestamp
{
    private const long PerSecond = 1_000_000_000;
    private const int SecondsLength = 19;

    public static bool TryParse(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        Span<char> characters = stackalloc char[64];
        if (text.Length is <= SecondsLength or > 64)
        {
            return false;
        }

        characters = characters[..Encoding.ASCII.GetChars(text, characters)];
        var fraction = 0L;
        var rest = SecondsLength;
        if (characters[rest] == '.')
        {
            var digits = 0;
            for (rest++; rest < characters.Length && char.IsAsciiDigit(characters[rest]); rest++, digits++)
            {
                if (digits < 9)
                {
                    fraction = (fraction * 10) + (characters[rest] - '0');
                }
            }

            for (; digits < 9; digits++)
            {
                fraction *= 10;
            }
        }

        if (!DateTime.TryParseExact(characters[..SecondsLength], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || !TryParseOffset(characters[rest..], out var offset))
        {
            return false;
        }

        nanoseconds = (new DateTimeOffset(local, offset).ToUnixTimeSeconds() * PerSecond) + fraction;
        return true;
    }

    public static DateTimeOffset Moment(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);

    /// <summary>As the engine's <c>since</c> takes it: seconds, dot, nine digits.</summary>
    public static string Since(long nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / PerSecond}.{nanoseconds % PerSecond:D9}");

    private static bool TryParseOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is "Z" or "z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || !TimeSpan.TryParseExact(text[1..], "hh\\:mm", CultureInfo.InvariantCulture, out offset))
        {
            return false;
        }

        offset = text[0] == '-' ? -offset : offset;
        return true;
    }
}
