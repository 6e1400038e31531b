using System.Text;

namespace Sanbashi.Gateway.Hosting;

/// <summary>
/// Lets digits through and nothing else (RFC 9110, 8.6). The server parses with the tolerance of a library for numbers: it takes a sign and white space of
/// any kind, and what is longer than its buffer ends the connection without an answer. What is no plain number is given to it as something that it
/// refuses with 400.
/// </summary>
internal sealed class ContentLengthEncoding : Encoding
{
    /// <summary>Of the largest number with 63 bits.</summary>
    private const int MostDigits = 19;

    public static ContentLengthEncoding Instance { get; } = new();

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (bytes.Length is 0 or > MostDigits || bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            chars[0] = 'x';
            return 1;
        }

        return Latin1.GetChars(bytes, chars);
    }

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) => GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public override int GetCharCount(byte[] bytes, int index, int count) => GetChars(bytes.AsSpan(index, count), stackalloc char[MostDigits]);

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => Math.Max(1, byteCount);
}
