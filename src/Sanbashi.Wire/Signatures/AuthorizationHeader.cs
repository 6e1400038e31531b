namespace Sanbashi.Wire;

/// <summary>The form <c>AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...</c>.</summary>
internal static class AuthorizationHeader
{
    /// <summary>Whether it is a signature of AWS at all, of a version that we know or not.</summary>
    public static bool IsSignature(string header) => header.StartsWith("AWS4-", StringComparison.Ordinal);

    public static string Scheme(string header)
    {
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? header : header[..space];
    }

    /// <summary>The value of a field; <c>null</c> when it is missing, empty or given twice.</summary>
    public static string? Find(string header, string field)
    {
        string? found = null;
        var fields = header.AsSpan(Scheme(header).Length);
        foreach (var range in fields.Split(','))
        {
            var pair = fields[range].Trim();
            if (pair.StartsWith(field, StringComparison.Ordinal) && pair.Length > field.Length && pair[field.Length] == '=')
            {
                if (found is not null)
                {
                    return null;
                }

                found = pair[(field.Length + 1)..].Trim().ToString();
            }
        }

        return found is { Length: > 0 } ? found : null;
    }
}
