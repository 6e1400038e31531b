namespace Sanbashi.Domain.Secrets;

/// <summary>An encrypted value: its content under a data key of its own, and that key under a key-encryption key.</summary>
/// <param name="KeyId">The key-encryption key.</param>
/// <param name="WrappedKey">Base64 of nonce, encrypted data key and tag.</param>
/// <param name="Content">Base64 of nonce, encrypted value and tag.</param>
public sealed record SealedValue(string KeyId, string WrappedKey, string Content)
{
    /// <summary>Nothing of the value, should one ever be written to a log.</summary>
    public override string ToString() => $"sealed with {KeyId}";
}
