namespace Sanbashi.Wire;

/// <summary>The parameters of the presigned form.</summary>
internal static class PresignedQuery
{
    public const string Algorithm = "X-Amz-Algorithm";
    public const string ContentSha256 = "X-Amz-Content-SHA256";
    public const string Credential = "X-Amz-Credential";
    public const string Date = "X-Amz-Date";
    public const string Expires = "X-Amz-Expires";
    public const string SecurityToken = "X-Amz-Security-Token";
    public const string Signature = "X-Amz-Signature";
    public const string SignedHeaders = "X-Amz-SignedHeaders";

    /// <summary>The decoded value of a parameter; <c>null</c> when it is missing, empty, broken or given twice.</summary>
    public static string? Find(string rawQuery, string name)
    {
        string? found = null;
        foreach (var range in rawQuery.AsSpan().Split('&'))
        {
            var pair = rawQuery.AsSpan()[range];
            var equals = pair.IndexOf('=');
            if (equals >= 0 && pair[..equals].SequenceEqual(name))
            {
                if (found is not null)
                {
                    return null;
                }

                found = Uri.UnescapeDataString(pair[(equals + 1)..]);
            }
        }

        return found is { Length: > 0 } ? found : null;
    }

    /// <summary>Whether a query string has any part of a signature.</summary>
    public static bool IsSigned(string rawQuery) =>
        rawQuery.Contains("X-Amz-", StringComparison.Ordinal)
        && (Find(rawQuery, Algorithm) ?? Find(rawQuery, Signature) ?? Find(rawQuery, Credential)) is not null;
}
