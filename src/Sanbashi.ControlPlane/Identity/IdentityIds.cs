using System.Security.Cryptography;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>Unique ids in AWS's form.</summary>
internal static class IdentityIds
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int KeyLength = 16;
    private const int IdLength = 17;

    public static string Of(string prefix) => prefix + RandomNumberGenerator.GetString(Alphabet, IdLength);

    /// <summary>What follows the prefix of an access key id.</summary>
    public static string Random() => RandomNumberGenerator.GetString(Alphabet, KeyLength);
}
