using System.Security.Cryptography;
using System.Text;

namespace Sanbashi.ControlPlane.Secrets.Rotation.Databases;

/// <summary>What PostgreSQL keeps of a password with SCRAM-SHA-256 (RFC 5803, RFC 7677). Generated passwords are ASCII, which SASLprep leaves as it is.</summary>
internal static class ScramVerifier
{
    /// <summary>PostgreSQL's own number.</summary>
    private const int Iterations = 4096;

    public static string Of(string password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
