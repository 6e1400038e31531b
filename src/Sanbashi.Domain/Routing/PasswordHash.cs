using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sanbashi.Domain.Routing;

/// <summary>
/// A password's hash, PBKDF2 with HMAC-SHA-256, as passlib and others write it: <c>$pbkdf2-sha256$ITERATIONS$SALT$CHECKSUM</c>, the last two in Base64
/// without padding and with a dot instead of the plus sign. It is the only kind because it is what the platform's own library computes.
/// </summary>
public sealed class PasswordHash
{
    /// <summary>As recommended by OWASP for this kind; about a quarter of a second of one processor.</summary>
    public const int DefaultIterations = 600_000;

    /// <summary>Below this, guessing is cheap.</summary>
    public const int LeastIterations = 10_000;

    /// <summary>Above this, one wrong password costs seconds.</summary>
    public const int MostIterations = 2_000_000;

    private const string Scheme = "pbkdf2-sha256";
    private const int SaltBytes = 16;
    private const int ChecksumBytes = 32;
    private const int LeastSaltBytes = 8;
    private const int MostSaltBytes = 64;

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _checksum;

    private PasswordHash(int iterations, byte[] salt, byte[] checksum)
    {
        _iterations = iterations;
        _salt = salt;
        _checksum = checksum;
    }

    public static PasswordHash Make(string password, int iterations = DefaultIterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(iterations, salt, Compute(password, salt, iterations));
    }

    /// <param name="problem">What is wrong with the text, as a sentence fragment.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PasswordHash? hash, [NotNullWhen(false)] out string? problem)
    {
        hash = null;
        if (text.Split('$') is not ["", Scheme, var iterations, var salt, var checksum])
        {
            problem = "the password is not a hash of the form $pbkdf2-sha256$ITERATIONS$SALT$CHECKSUM ('sanbashi svc hash-password' makes one)";
            return false;
        }

        if (!int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < LeastIterations or > MostIterations)
        {
            problem = $"the hash's iterations are not a number from {LeastIterations} to {MostIterations}";
            return false;
        }

        if (FromText(salt) is not { Length: >= LeastSaltBytes and <= MostSaltBytes } saltBytes || FromText(checksum) is not { Length: ChecksumBytes } checksumBytes)
        {
            problem = "the hash's salt or checksum is damaged";
            return false;
        }

        hash = new PasswordHash(count, saltBytes, checksumBytes);
        problem = null;
        return true;
    }

    /// <summary>Takes long on purpose; not for a thread that others wait for.</summary>
    public bool Verifies(string password) => CryptographicOperations.FixedTimeEquals(Compute(password, _salt, _iterations), _checksum);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"${Scheme}${_iterations}${ToText(_salt)}${ToText(_checksum)}");

    private static byte[] Compute(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, ChecksumBytes);

    private static string ToText(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '.');

    private static byte[]? FromText(string text)
    {
        var padded = text.Replace('.', '+').PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : null;
    }
}
