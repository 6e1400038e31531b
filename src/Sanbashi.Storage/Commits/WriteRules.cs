namespace Sanbashi.Storage;

/// <summary>What every store can hold: refused alike everywhere, before a transaction begins.</summary>
internal static class WriteRules
{
    /// <summary>In characters; 16 Mi.</summary>
    public const int MaxBodyLength = 16 * 1024 * 1024;

    // PostgreSQL's index entries end at about 2,700 bytes, and a character may take three.
    private const int MaxKindLength = 64;
    private const int MaxScopeLength = 64;
    private const int MaxIdLength = 512;

    public static void Check(IReadOnlyList<DocumentWrite> writes)
    {
        foreach (var write in writes)
        {
            Check(write.Key);
            if (write.UniqueName && write.Name is null)
            {
                throw new ArgumentException($"Cannot write {write.Key}: a unique name was asked for, but it has no name.", nameof(writes));
            }

            if (write.ExpectedVersion < 0)
            {
                throw new ArgumentException($"Cannot write {write.Key}: the expected version {write.ExpectedVersion} is negative.", nameof(writes));
            }

            CheckText(write.Key, "name", write.Name, MaxIdLength);
            CheckText(write.Key, "parent", write.Parent, MaxIdLength);
            CheckText(write.Key, "body", write.Body, MaxBodyLength);
        }
    }

    private static void Check(DocumentKey key)
    {
        if (key.Kind.Length == 0 || key.Id.Length == 0 || key.Scope.Account.Length == 0 || key.Scope.Region.Length == 0)
        {
            throw new ArgumentException($"Cannot write '{key}': kind, account, region and id must not be empty.", nameof(key));
        }

        if (key.Kind.Contains('/') || key.Scope.Account.Contains('/') || key.Scope.Region.Contains('/'))
        {
            throw new ArgumentException($"Cannot write '{key}': kind, account and region must have no slash.", nameof(key));
        }

        CheckText(key, "kind", key.Kind, MaxKindLength);
        CheckText(key, "account", key.Scope.Account, MaxScopeLength);
        CheckText(key, "region", key.Scope.Region, MaxScopeLength);
        CheckText(key, "id", key.Id, MaxIdLength);
    }

    /// <summary>PostgreSQL holds no NUL in text, and half a surrogate pair has no UTF-8.</summary>
    private static void CheckText(DocumentKey key, string what, string? text, int maxLength)
    {
        if (text is null)
        {
            return;
        }

        if (text.Length > maxLength)
        {
            throw new ArgumentException($"Cannot write {key}: its {what} has {text.Length} characters, more than {maxLength}.");
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
            {
                throw new ArgumentException($"Cannot write {key}: its {what} has a NUL character at {i}.");
            }

            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                throw new ArgumentException($"Cannot write {key}: its {what} has half a surrogate pair at {i}.");
            }

            i++;
        }
    }
}
