using System.Security.Cryptography;

namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>A key-encryption key: 256 bits that seal the data keys of values.</summary>
internal sealed class EncryptionKey
{
    public const int Length = 32;

    private const int IdBytes = 8;

    private readonly byte[] _bytes;

    private EncryptionKey(byte[] bytes)
    {
        _bytes = bytes;
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(bytes, "sanbashi key id"u8)[..IdBytes]);
    }

    /// <summary>Follows from the key and tells nothing about it, so that a record can say what it is sealed with.</summary>
    public string Id { get; }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public string Text => Convert.ToBase64String(_bytes);

    public static EncryptionKey Make() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads base64 of exactly 32 bytes, as <c>openssl rand -base64 32</c> writes it; null for anything else.</summary>
    public static EncryptionKey? TryParse(string text)
    {
        var bytes = new byte[Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == Length ? new EncryptionKey(bytes) : null;
    }

    public override string ToString() => $"key {Id}";
}
