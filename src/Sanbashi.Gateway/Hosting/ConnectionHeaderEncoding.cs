using System.Text;
using Sanbashi.Gateway.Forwarding;

namespace Sanbashi.Gateway.Hosting;

/// <summary>
/// Latin-1 for the Connection header, with one difference. Where all Connection lines of a request together contain exactly one of <c>close</c>,
/// <c>keep-alive</c> and <c>upgrade</c>, the server reduces them to that word, and the names beside it, which must not be passed on, would be lost. So
/// a line with such names gets both <c>keep-alive</c> and <c>close</c> added: the server then leaves every line alone, and closes the connection after
/// the answer, which costs the few clients that do this a handshake.
/// </summary>
internal sealed class ConnectionHeaderEncoding : Encoding
{
    private const string Addition = ", keep-alive, close";

    public static ConnectionHeaderEncoding Instance { get; } = new();

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => NamesHeaders(bytes.AsSpan(index, count)) ? count + Addition.Length : count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var count = Latin1.GetChars(bytes, byteIndex, byteCount, chars, charIndex);
        if (!NamesHeaders(bytes.AsSpan(byteIndex, byteCount)))
        {
            return count;
        }

        Addition.CopyTo(chars.AsSpan(charIndex + count));
        return count + Addition.Length;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount + Addition.Length;

    private static bool NamesHeaders(ReadOnlySpan<byte> value) =>
        !Ascii.EqualsIgnoreCase(value, "keep-alive"u8) && !Ascii.EqualsIgnoreCase(value, "close"u8) && HopByHop.NamedIn(Latin1.GetString(value)) is not null;
}
