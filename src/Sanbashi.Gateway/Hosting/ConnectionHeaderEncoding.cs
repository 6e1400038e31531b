using System.Text;

namespace Sanbashi.Gateway.Hosting;

/// <summary>
/// Latin-1 for the Connection header, with one difference. The server reduces a list that contains <c>close</c> or <c>keep-alive</c> to that word, and
/// the names beside it, which must not be passed on, would be lost. A list with such names is therefore given semicolons: the server leaves
/// it alone, and <see cref="Forwarding.HopByHop"/> reads it. Names on a second Connection line beside <c>close</c> on another stay lost; no client
/// is known to send such a thing.
/// </summary>
internal sealed class ConnectionHeaderEncoding : Encoding
{
    public static ConnectionHeaderEncoding Instance { get; } = new();

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var count = Latin1.GetChars(bytes, byteIndex, byteCount, chars, charIndex);
        var value = chars.AsSpan(charIndex, count);
        if (NamesHeaders(value))
        {
            value.Replace(',', ';');
        }

        return count;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;

    /// <summary>Whether this is a list with a header name in it. One that asks for an upgrade is the server's to understand.</summary>
    private static bool NamesHeaders(ReadOnlySpan<char> value)
    {
        if (!value.Contains(','))
        {
            return false;
        }

        var namesAny = false;
        foreach (var range in value.Split(','))
        {
            var option = value[range].Trim();
            if (option.Equals("upgrade", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            namesAny |= !option.Equals("close", StringComparison.OrdinalIgnoreCase) && !option.Equals("keep-alive", StringComparison.OrdinalIgnoreCase);
        }

        return namesAny;
    }
}
