using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>Times are numbers (seconds since the epoch) inside; protocols and models may write them in other forms.</summary>
internal static class Timestamps
{
    public const string Iso8601 = "iso8601", Rfc822 = "rfc822", UnixTimestamp = "unixTimestamp";

    private const long MinTicks = 0, MaxTicks = 3155378975999999999;

    private static readonly string[] ReadFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd",
        "yyyyMMdd'T'HHmmssK",
        "r",
    ];

    /// <summary>Reads a time that is a text in some of the forms; <c>null</c> when it is none.</summary>
    public static JsonNode? Read(string text)
    {
        if (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds is >= -62135596800 and < 253402300800 ? Number(seconds) : null;
        }

        return DateTimeOffset.TryParseExact(
            text,
            ReadFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time)
            ? Number((decimal)(time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerSecond)
            : null;
    }

    /// <summary>Writes a time, given as seconds since the epoch, in one of the three forms.</summary>
    public static string Write(JsonNode seconds, string format)
    {
        if (format == UnixTimestamp)
        {
            return seconds.ToJsonString();
        }

        var ticks = Math.Round(decimal.Parse(seconds.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) * 1000) * TimeSpan.TicksPerMillisecond;
        var time = new DateTime((long)Math.Clamp(ticks + DateTime.UnixEpoch.Ticks, MinTicks, MaxTicks), DateTimeKind.Utc);
        return format == Rfc822
            ? time.ToString("r", CultureInfo.InvariantCulture)
            : time.ToString(time.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    private static JsonNode Number(decimal seconds)
    {
        // Through text, so that handlers read it as any numeric type, like a number that came in JSON.
        using var document = JsonDocument.Parse(seconds.ToString("0.#########", CultureInfo.InvariantCulture));
        return JsonValue.Create(document.RootElement.Clone())!;
    }
}
