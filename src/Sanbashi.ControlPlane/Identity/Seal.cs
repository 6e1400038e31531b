using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>Encrypts short texts with AES-256-GCM, bound to what they belong to: a sealed text does not open in another's place.</summary>
/// <param name="key">The installation's identity key.</param>
/// <param name="purpose">Each purpose has a key of its own.</param>
internal sealed class Seal(byte[] key, string purpose)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, IdentityKey.Length, info: Encoding.UTF8.GetBytes($"sanbashi/{purpose}"));

    public string Close(string text, string owner)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var output = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(output.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(output.AsSpan(0, NonceBytes), plain, output.AsSpan(NonceBytes + TagBytes), output.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(owner));
        return Base64Url.EncodeToString(output);
    }

    /// <summary>Null: it was not sealed here, not for this owner, or has been changed.</summary>
    public string? Open(string sealedText, string owner)
    {
        if (!Base64Url.IsValid(sealedText, out var length) || length < NonceBytes + TagBytes)
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(sealedText);
        var plain = new byte[length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(owner));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>A secret that follows from the key and a name, so that it need not be kept.</summary>
    public string Derive(string name) => Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(name)))[..40];
}
