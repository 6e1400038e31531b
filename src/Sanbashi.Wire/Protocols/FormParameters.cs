using System.Text;

namespace Sanbashi.Wire;

/// <summary>Reads <c>application/x-www-form-urlencoded</c> parameters strictly: broken escapes and text are errors.</summary>
internal static class FormParameters
{
    public const string ContentType = "application/x-www-form-urlencoded";

    /// <summary>The most parameters in one request.</summary>
    private const int MaxCount = 10_000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static List<KeyValuePair<string, string>> Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    public static List<KeyValuePair<string, string>> Parse(ReadOnlySpan<byte> text)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        var buffer = new byte[text.Length];
        foreach (var range in text.Split((byte)'&'))
        {
            var pair = text[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (parameters.Count == MaxCount)
            {
                throw Malformed($"more than {MaxCount} parameters");
            }

            var equals = pair.IndexOf((byte)'=');
            parameters.Add(equals < 0
                ? new(Decode(pair, buffer), "")
                : new(Decode(pair[..equals], buffer), Decode(pair[(equals + 1)..], buffer)));
        }

        return parameters;
    }

    private static string Decode(ReadOnlySpan<byte> text, byte[] buffer)
    {
        var length = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var current = text[index];
            if (current == '%')
            {
                if (index + 2 >= text.Length || !char.IsAsciiHexDigit((char)text[index + 1]) || !char.IsAsciiHexDigit((char)text[index + 2]))
                {
                    throw Malformed("a '%' that no two hex digits follow");
                }

                current = (byte)((HexValue(text[index + 1]) << 4) | HexValue(text[index + 2]));
                index += 2;
            }
            else if (current == '+')
            {
                current = (byte)' ';
            }

            buffer[length++] = current;
        }

        try
        {
            return StrictUtf8.GetString(buffer, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("bytes that are not UTF-8");
        }
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static ApiException Malformed(string found) =>
        new("MalformedQueryString", $"The parameters of the request can't be read: they contain {found}.");
}
