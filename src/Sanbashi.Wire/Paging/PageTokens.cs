using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>
/// Opaque page tokens that are only valid for the caller, the operation and the parameters they were made for. A token is
/// a hash of these and the cursor; it is not secret and not signed, so a cursor must only say where to go on and handlers
/// must apply it within what the caller may see anyway. Tokens need no state and never expire.
/// </summary>
public static class PageTokens
{
    /// <summary>The longest cursor, in UTF-8 bytes: the token must fit the 1,024 characters of App Runner's <c>NextToken</c>.</summary>
    public const int MaxCursorBytes = 600;

    private const byte Version = 1;
    private const int HashBytes = 16;
    private const int HeadBytes = 1 + HashBytes;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The cursor of the token that the call carries, or <c>null</c> when it asks for the first page.</summary>
    /// <param name="call">The call.</param>
    /// <param name="errorCode">The error for a token that does not fit.</param>
    /// <param name="tokenMember">The input's member that carries the token.</param>
    /// <exception cref="ApiException">The token was made for another call, or is none of ours.</exception>
    public static string? Read(ApiCall call, string errorCode = "InvalidRequestException", string tokenMember = "NextToken")
    {
        if (call.Input[tokenMember]?.GetValue<string>() is not { } token)
        {
            return null;
        }

        var bytes = new byte[Base64Url.GetMaxDecodedLength(token.Length)];
        if (!Base64Url.IsValid(token)
            || !Base64Url.TryDecodeFromChars(token, bytes, out var length)
            || length <= HeadBytes
            || bytes[0] != Version
            || !bytes.AsSpan(1, HashBytes).SequenceEqual(Hash(call, tokenMember)))
        {
            throw Invalid(errorCode, tokenMember);
        }

        try
        {
            return StrictUtf8.GetString(bytes, HeadBytes, length - HeadBytes);
        }
        catch (DecoderFallbackException)
        {
            throw Invalid(errorCode, tokenMember);
        }
    }

    /// <summary>Makes the token that continues this call after <paramref name="cursor"/>.</summary>
    /// <exception cref="ArgumentException">The cursor is empty or longer than <see cref="MaxCursorBytes"/>.</exception>
    public static string Write(ApiCall call, string cursor, string tokenMember = "NextToken")
    {
        var length = Encoding.UTF8.GetByteCount(cursor);
        if (length is 0 or > MaxCursorBytes)
        {
            throw new ArgumentException($"A cursor has 1 to {MaxCursorBytes} bytes; this one has {length}.", nameof(cursor));
        }

        return Base64Url.EncodeToString([Version, .. Hash(call, tokenMember), .. Encoding.UTF8.GetBytes(cursor)]);
    }

    /// <summary>
    /// Cuts one page out of items in their final order. Items are continued by key, so that those added or removed between
    /// two pages neither repeat nor hide others.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="items">All items, in ascending order of <paramref name="key"/> by <see cref="StringComparer.Ordinal"/>.</param>
    /// <param name="key">A unique key of an item.</param>
    /// <param name="maxResults">The most items on the page; <c>null</c> for all.</param>
    /// <param name="errorCode">The error for a token that does not fit.</param>
    /// <param name="tokenMember">The input's member that carries the token.</param>
    /// <returns>The page, and the token of the next one; <c>null</c> at the end.</returns>
    public static (IReadOnlyList<T> Items, string? NextToken) Page<T>(
        ApiCall call,
        IEnumerable<T> items,
        Func<T, string> key,
        int? maxResults,
        string errorCode = "InvalidRequestException",
        string tokenMember = "NextToken")
    {
        var after = Read(call, errorCode, tokenMember);
        var rest = after is null ? items : items.Where(item => string.CompareOrdinal(key(item), after) > 0);
        if (maxResults is not { } limit)
        {
            return ([.. rest], null);
        }

        List<T> page = [.. rest.Take(limit + 1)];
        if (page.Count <= limit)
        {
            return (page, null);
        }

        page.RemoveAt(limit);
        return (page, Write(call, key(page[^1]), tokenMember));
    }

    private static ReadOnlySpan<byte> Hash(ApiCall call, string tokenMember)
    {
        var text = new StringBuilder()
            .Append(call.Account).Append('\n')
            .Append(call.Region).Append('\n')
            .Append(call.Model.Metadata.EndpointPrefix).Append('.').Append(call.Operation).Append('\n');
        Spell(text, call.Input, tokenMember);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, HashBytes);
    }

    /// <summary>One spelling per value, whatever the order in which members were sent.</summary>
    private static void Spell(StringBuilder text, JsonNode? node, string? skipped)
    {
        switch (node)
        {
            case JsonObject members:
                text.Append('{');
                foreach (var (name, value) in members.Where(member => member.Key != skipped).OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    text.Append(JsonValue.Create(name).ToJsonString()).Append(':');
                    Spell(text, value, null);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                foreach (var item in items)
                {
                    Spell(text, item, null);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static ApiException Invalid(string errorCode, string tokenMember) =>
        new(errorCode, $"The {tokenMember} is not valid. It must come from the previous page of the same request, with otherwise identical parameters.");
}
