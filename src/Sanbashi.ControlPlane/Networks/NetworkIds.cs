using System.Security.Cryptography;

namespace Sanbashi.ControlPlane.Networks;

/// <summary>Ids in EC2's long form.</summary>
internal static class NetworkIds
{
    private const int Digits = 17;
    private const int MaxLength = 64;

    /// <param name="prefix">The kind: <c>vpc</c>, <c>subnet</c>, ...</param>
    public static string Of(string prefix) => $"{prefix}-{RandomNumberGenerator.GetHexString(Digits, lowercase: true)}";

    /// <summary>Whether a text that a caller gave may be one.</summary>
    public static bool IsId(string text) => text.Length is > 0 and <= MaxLength && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}
