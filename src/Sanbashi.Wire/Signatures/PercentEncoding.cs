using System.Text;

namespace Sanbashi.Wire;

/// <summary>The percent-encoding of signatures: everything but unreserved characters (RFC 3986, 2.3), in upper-case hex.</summary>
internal static class PercentEncoding
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    public static string Encode(string text, string keep = "")
    {
        var encoded = new StringBuilder(text.Length + 16);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            Append(encoded, octet, keep);
        }

        return encoded.ToString();
    }

    /// <summary>Decodes escapes and encodes again, so that each text has one spelling; a broken escape is plain text.</summary>
    public static string Normalize(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var normal = new StringBuilder(bytes.Length + 16);
        for (var index = 0; index < bytes.Length; index++)
        {
            if (bytes[index] == '%' && index + 2 < bytes.Length
                && char.IsAsciiHexDigit((char)bytes[index + 1]) && char.IsAsciiHexDigit((char)bytes[index + 2]))
            {
                var octet = Convert.ToByte(Encoding.ASCII.GetString(bytes, index + 1, 2), 16);
                Append(normal, octet, keep: "");
                index += 2;
            }
            else
            {
                Append(normal, bytes[index], keep: "");
            }
        }

        return normal.ToString();
    }

    private static void Append(StringBuilder encoded, byte octet, string keep)
    {
        var character = (char)octet;
        if (octet < 128 && (Unreserved.Contains(character, StringComparison.Ordinal) || keep.Contains(character, StringComparison.Ordinal)))
        {
            encoded.Append(character);
        }
        else
        {
            encoded.Append('%').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
