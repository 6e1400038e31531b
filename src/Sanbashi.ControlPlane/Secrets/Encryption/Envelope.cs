using System.Security.Cryptography;
using System.Text;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>
/// AES-256-GCM twice: a value under a data key of its own, the data key under a key-encryption key. Both are bound to what they belong to, so that a value cannot be
/// put in the place of another one.
/// </summary>
internal static class Envelope
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static SealedValue Seal(EncryptionKey key, ReadOnlySpan<byte> value, string binding)
    {
        Span<byte> dataKey = stackalloc byte[EncryptionKey.Length];
        RandomNumberGenerator.Fill(dataKey);
        var sealedValue = new SealedValue(key.Id, Encrypt(key.Bytes, dataKey, KeyBinding(key, binding)), Encrypt(dataKey, value, ValueBinding(binding)));
        CryptographicOperations.ZeroMemory(dataKey);
        return sealedValue;
    }

    /// <exception cref="SealBrokenException">The value, its key or its place were changed.</exception>
    public static byte[] Open(EncryptionKey key, SealedValue value, string binding)
    {
        var dataKey = Decrypt(key.Bytes, value.WrappedKey, KeyBinding(key, binding), binding);
        var content = Decrypt(dataKey, value.Content, ValueBinding(binding), binding);
        CryptographicOperations.ZeroMemory(dataKey);
        return content;
    }

    /// <summary>The same value under another key-encryption key; its content is not touched.</summary>
    /// <exception cref="SealBrokenException">The data key was changed.</exception>
    public static SealedValue Rewrap(EncryptionKey from, EncryptionKey to, SealedValue value, string binding)
    {
        var dataKey = Decrypt(from.Bytes, value.WrappedKey, KeyBinding(from, binding), binding);
        var rewrapped = value with { KeyId = to.Id, WrappedKey = Encrypt(to.Bytes, dataKey, KeyBinding(to, binding)) };
        CryptographicOperations.ZeroMemory(dataKey);
        return rewrapped;
    }

    private static string Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, byte[] associated)
    {
        var sealedBytes = new byte[NonceLength + plain.Length + TagLength];
        var nonce = sealedBytes.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceLength, plain.Length), sealedBytes.AsSpan(NonceLength + plain.Length), associated);
        return Convert.ToBase64String(sealedBytes);
    }

    private static byte[] Decrypt(ReadOnlySpan<byte> key, string text, byte[] associated, string binding)
    {
        try
        {
            var bytes = Convert.FromBase64String(text);
            var plain = new byte[Math.Max(0, bytes.Length - NonceLength - TagLength)];
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength, plain.Length), bytes.AsSpan(NonceLength + plain.Length), plain, associated);
            return plain;
        }
        catch (Exception broken) when (broken is CryptographicException or FormatException or ArgumentException)
        {
            throw new SealBrokenException(binding, broken);
        }
    }

    private static byte[] ValueBinding(string binding) => Encoding.UTF8.GetBytes($"sanbashi value 1\n{binding}");

    private static byte[] KeyBinding(EncryptionKey key, string binding) => Encoding.UTF8.GetBytes($"sanbashi data key 1\n{key.Id}\n{binding}");
}
