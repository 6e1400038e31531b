using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Logs.Files;

/// <summary>
/// The platform's lines: <c>STAMP ORIGIN SOURCE CURSOR TEXT</c>. Origin is <c>o</c>, <c>e</c>, <c>s</c> (the platform) or <c>m</c> (a mark); source is the
/// container or <c>-</c>; the cursor is the engine's, <c>COUNT</c> or <c>COUNT@NANOSECONDS</c> where its stamp is not the line's, or <c>-</c>. In the text,
/// backslash, line feed and carriage return are escaped by a backslash.
/// </summary>
internal static class LineFormat
{
    /// <summary>In characters. The engine's lines are shorter; what the platform says is cut there.</summary>
    public const int MaxText = 256 * 1024;

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\n\r");

    public static byte[] Write(in StoredLine line)
    {
        var text = line.Text.Length > MaxText ? $"{line.Text.AsSpan(0, MaxText)} ... (cut)" : line.Text;
        var buffer = new ArrayBufferWriter<byte>(LogTime.Length + 64 + text.Length);
        LogTime.Write(line.Nanoseconds, buffer.GetSpan(LogTime.Length));
        buffer.Advance(LogTime.Length);
        buffer.Write([(byte)' ', Flag(line), (byte)' ']);
        Encoding.UTF8.GetBytes(line.Source.Length > 0 ? line.Source : "-", buffer);
        buffer.Write(" "u8);
        Encoding.UTF8.GetBytes(Cursor(line), buffer);
        buffer.Write(" "u8);
        Encoding.UTF8.GetBytes(text.AsSpan().ContainsAny(Escaped) ? Escape(text) : text, buffer);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    public static bool TryParse(ReadOnlySpan<byte> line, out StoredLine parsed)
    {
        parsed = default;
        if (!LogTime.TryParse(line, out var nanoseconds) || line.Length < LogTime.Length + 4 || line[LogTime.Length] != ' ')
        {
            return false;
        }

        var rest = line[(LogTime.Length + 1)..];
        var flag = rest[0];
        if (flag is not ((byte)'o' or (byte)'e' or (byte)'s' or (byte)'m') || !TryField(rest[1..], out _, out rest)
            || !TryField(rest, out var source, out rest) || !TryField(rest, out var cursor, out rest)
            || !TryCursor(cursor, nanoseconds, out var position))
        {
            return false;
        }

        var origin = flag switch { (byte)'o' => LogOrigin.Output, (byte)'e' => LogOrigin.Errors, _ => LogOrigin.Platform };
        var name = source.SequenceEqual("-"u8) ? "" : Encoding.UTF8.GetString(source);
        parsed = new StoredLine(nanoseconds, origin, name, Unescape(Encoding.UTF8.GetString(rest)), position, flag == 'm');
        return true;
    }

    private static byte Flag(in StoredLine line) => line switch
    {
        { IsMark: true } => (byte)'m',
        { Origin: LogOrigin.Output } => (byte)'o',
        { Origin: LogOrigin.Errors } => (byte)'e',
        _ => (byte)'s',
    };

    private static string Cursor(in StoredLine line) => line.Cursor switch
    {
        null => "-",
        { } cursor when cursor.Nanoseconds == line.Nanoseconds => $"{cursor.CountAtStamp}",
        { } cursor => $"{cursor.CountAtStamp}@{cursor.Nanoseconds}",
    };

    private static bool TryField(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> field, out ReadOnlySpan<byte> rest)
    {
        var end = text.IndexOf((byte)' ');
        field = end < 0 ? default : text[..end];
        rest = end < 0 ? default : text[(end + 1)..];
        return end >= 0;
    }

    private static bool TryCursor(ReadOnlySpan<byte> text, long nanoseconds, out LogCursor? cursor)
    {
        cursor = null;
        if (text.SequenceEqual("-"u8))
        {
            return true;
        }

        if (!Utf8Parser.TryParse(text, out int count, out var used))
        {
            return false;
        }

        var stamp = nanoseconds;
        if (used < text.Length && (text[used] != '@' || !Utf8Parser.TryParse(text[(used + 1)..], out stamp, out var rest) || used + 1 + rest != text.Length))
        {
            return false;
        }

        cursor = new LogCursor(LogTime.Moment(stamp), stamp, count);
        return true;
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    private static string Unescape(string text)
    {
        if (!text.Contains('\\'))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            plain.Append(text[i] switch { 'n' => '\n', 'r' => '\r', var other => other });
        }

        return plain.ToString();
    }
}
