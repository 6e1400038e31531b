namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>Keys as text: one per line in base64, the one in use first.</summary>
internal static class KeyText
{
    /// <param name="source">Where the text is from, for people.</param>
    /// <exception cref="InvalidDataException">It holds no key, or something else.</exception>
    public static IReadOnlyList<EncryptionKey> Parse(string text, string source)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(static line => !line.StartsWith('#')).ToList();
        var keys = lines.Select(EncryptionKey.TryParse).OfType<EncryptionKey>().ToList();
        return keys.Count > 0 && keys.Count == lines.Count
            ? keys
            : throw new InvalidDataException(
                $"{source} holds {keys.Count} keys on {lines.Count} lines. It must hold one key or more, each on a line of its own in base64 of {EncryptionKey.Length} bytes (openssl rand -base64 {EncryptionKey.Length}), the one in use first. Restore it from a backup.");
    }
}
