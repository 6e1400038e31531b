using System.Text.Json;

namespace Sanbashi.Domain.Identity.Policies;

/// <summary>Reads policies, with AWS's messages for what is wrong.</summary>
public static class PolicyParser
{
    private const string SyntaxErrors = "Syntax errors in policy.";

    /// <summary>Deeper than any policy; a text from outside must not use up the stack.</summary>
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 16 };

    /// <exception cref="MalformedPolicyException">The text is no policy of this kind.</exception>
    public static PolicyDocument Parse(string text, PolicyKind kind)
    {
        try
        {
            using var json = JsonDocument.Parse(text, _options);
            return Read(json.RootElement, kind);
        }
        catch (JsonException)
        {
            throw new MalformedPolicyException(SyntaxErrors);
        }
    }

    private static PolicyDocument Read(JsonElement root, PolicyKind kind)
    {
        Demand(root.ValueKind == JsonValueKind.Object, SyntaxErrors);
        var version = PolicyDocument.OldVersion;
        JsonElement? statements = null;
        foreach (var field in root.EnumerateObject())
        {
            switch (field.Name)
            {
                case "Version":
                    version = Text(field.Value);
                    Demand(version is PolicyDocument.CurrentVersion or PolicyDocument.OldVersion, $"The policy must contain a valid version string: it is '{version}', and must be {PolicyDocument.CurrentVersion}.");
                    break;
                case "Id":
                    Text(field.Value);
                    break;
                case "Statement":
                    statements = field.Value;
                    break;
                default:
                    throw new MalformedPolicyException(SyntaxErrors);
            }
        }

        Demand(statements is not null, "Missing required field Statement");
        var withVariables = version == PolicyDocument.CurrentVersion;
        var list = Items(statements!.Value).Select((statement, index) => StatementReader.Read(statement, index, kind, withVariables)).ToList();
        Demand(list.Count > 0, SyntaxErrors);
        var sids = list.Select(statement => statement.Sid).OfType<string>().Where(sid => sid.Length > 0).ToList();
        Demand(sids.Distinct(StringComparer.Ordinal).Count() == sids.Count, "Statement IDs (SID) in a single policy must be unique.");
        return new PolicyDocument(version, list);
    }

    internal static void Demand(bool isMet, string message)
    {
        if (!isMet)
        {
            throw new MalformedPolicyException(message);
        }
    }

    internal static string Text(JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? json.GetString()! : throw new MalformedPolicyException(SyntaxErrors);

    /// <summary>Nearly everything may be one thing or a list of them.</summary>
    internal static IEnumerable<JsonElement> Items(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : [json];

    internal static IReadOnlyList<string> Texts(JsonElement json) => [.. Items(json).Select(Text)];
}
