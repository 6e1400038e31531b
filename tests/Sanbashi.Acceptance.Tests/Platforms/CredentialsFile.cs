using Sanbashi.Wire;

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>Reads the keys that a platform made at its first start.</summary>
internal static class CredentialsFile
{
    public static ApiCredential Read(string path)
    {
        var lines = File.ReadAllLines(path).Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries)).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return new ApiCredential(lines["aws_access_key_id"], lines["aws_secret_access_key"], null, "");
    }
}
