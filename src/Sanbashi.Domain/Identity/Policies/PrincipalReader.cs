using System.Text.Json;

namespace Sanbashi.Domain.Identity.Policies;

/// <summary>Reads <c>Principal</c>: a star, or an object of kinds.</summary>
internal static class PrincipalReader
{
    private const int AccountDigits = 12;

    public static PrincipalElement Read(JsonElement json, bool isInverted)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            var text = json.GetString()!;
            PolicyParser.Demand(text == "*", $"Invalid principal in policy: \"{text}\"");
            return new PrincipalElement([], [], IsAnyone: true, isInverted);
        }

        PolicyParser.Demand(json.ValueKind == JsonValueKind.Object, "Syntax errors in policy.");
        IReadOnlyList<string> aws = [], services = [];
        var kinds = 0;
        foreach (var kind in json.EnumerateObject())
        {
            var names = PolicyParser.Texts(kind.Value);
            kinds += names.Count;
            switch (kind.Name)
            {
                case "AWS":
                    aws = names;
                    foreach (var name in names)
                    {
                        PolicyParser.Demand(IsAws(name), $"Invalid principal in policy: \"AWS\":\"{name}\"");
                    }

                    break;
                case "Service":
                    services = names;
                    foreach (var name in names)
                    {
                        PolicyParser.Demand(name.Contains('.') && !name.Contains('*'), $"Invalid principal in policy: \"SERVICE\":\"{name}\"");
                    }

                    break;

                // These sign in with tokens of others, which nobody can present here: they name nobody.
                case "Federated" or "CanonicalUser":
                    break;
                default:
                    throw new MalformedPolicyException($"Invalid principal in policy: \"{kind.Name}\"");
            }
        }

        PolicyParser.Demand(kinds > 0, "Missing required field Principal");
        return new PrincipalElement(aws, services, IsAnyone: false, isInverted);
    }

    private static bool IsAws(string name) =>
        name == "*"
        || (name.Length == AccountDigits && name.All(char.IsAsciiDigit))
        || (name.Split(':', 6) is ["arn", { Length: > 0 }, "iam" or "sts", "", { Length: AccountDigits }, { Length: > 0 } last] && !last.Contains('*'));
}
