using System.Text;
using System.Text.Json;

namespace Sanbashi.ControlPlane.Logs.Files;

/// <summary>The gateways' lines: an object of JSON with <c>time</c>, an ISO 8601 stamp. The whole line is the text.</summary>
internal static class AccessFormat
{
    public static bool TryParse(ReadOnlySpan<byte> line, out StoredLine parsed)
    {
        parsed = default;
        if (!TryParseTime(line, out var nanoseconds))
        {
            return false;
        }

        parsed = new StoredLine(nanoseconds, LogOrigin.Platform, "", Encoding.UTF8.GetString(line), null, IsMark: false);
        return true;
    }

    public static bool TryParseTime(ReadOnlySpan<byte> line, out long nanoseconds)
    {
        nanoseconds = 0;
        var name = line.IndexOf("\"time\":\""u8);
        if (name < 0)
        {
            return false;
        }

        var value = line[(name + "\"time\":".Length)..];
        var end = value[1..].IndexOf((byte)'"');
        if (end < 0)
        {
            return false;
        }

        var reader = new Utf8JsonReader(value[..(end + 2)]);
        if (!reader.Read() || !reader.TryGetDateTimeOffset(out var moment))
        {
            return false;
        }

        nanoseconds = LogTime.Of(moment);
        return true;
    }
}
