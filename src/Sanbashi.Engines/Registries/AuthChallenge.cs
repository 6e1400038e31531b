using System.Text.RegularExpressions;

namespace Sanbashi.Engines.Registries;

/// <summary>A WWW-Authenticate header (RFC 9110, 11.6.1) as registries send it: Basic, or Bearer with realm, service and scope.</summary>
internal sealed partial record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public bool IsBearer => Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);

    public string? this[string name] => Parameters.GetValueOrDefault(name);

    public static AuthChallenge Parse(string scheme, string? parameters)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Parameter().Matches(parameters ?? ""))
        {
            found[match.Groups["name"].Value] = match.Groups["quoted"] is { Success: true } quoted
                ? quoted.Value.Replace("\\\"", "\"", StringComparison.Ordinal)
                : match.Groups["plain"].Value;
        }

        return new AuthChallenge(scheme, found);
    }

    [GeneratedRegex("""(?<name>[A-Za-z_-]+)\s*=\s*("(?<quoted>(\\"|[^"])*)"|(?<plain>[^\s,"]+))""")]
    private static partial Regex Parameter();
}
