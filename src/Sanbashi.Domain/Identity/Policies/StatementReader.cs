using System.Text.Json;

namespace Sanbashi.Domain.Identity.Policies;

/// <summary>Reads one statement.</summary>
internal static class StatementReader
{
    private const string SyntaxErrors = "Syntax errors in policy.";
    private const int ArnColons = 5;

    public static PolicyStatement Read(JsonElement json, int index, PolicyKind kind, bool withVariables)
    {
        PolicyParser.Demand(json.ValueKind == JsonValueKind.Object, SyntaxErrors);
        string? sid = null;
        PolicyEffect? effect = null;
        PrincipalElement? principal = null;
        ActionElement? actions = null;
        ResourceElement? resources = null;
        IReadOnlyList<PolicyCondition> conditions = [];
        foreach (var field in json.EnumerateObject())
        {
            switch (field.Name)
            {
                case "Sid":
                    sid = Sid(field.Value, kind);
                    break;
                case "Effect":
                    effect = Effect(field.Value);
                    break;
                case "Principal" or "NotPrincipal":
                    PolicyParser.Demand(kind != PolicyKind.Identity, "Policy document should not specify a principal.");
                    PolicyParser.Demand(principal is null, SyntaxErrors);
                    principal = PrincipalReader.Read(field.Value, field.Name == "NotPrincipal");
                    break;
                case "Action" or "NotAction":
                    PolicyParser.Demand(actions is null, SyntaxErrors);
                    actions = Actions(field.Value, field.Name == "NotAction", kind);
                    break;
                case "Resource" or "NotResource":
                    PolicyParser.Demand(kind != PolicyKind.Trust, "Has prohibited field Resource");
                    PolicyParser.Demand(resources is null, SyntaxErrors);
                    resources = Resources(field.Value, field.Name == "NotResource", withVariables);
                    break;
                case "Condition":
                    conditions = Conditions(field.Value, withVariables);
                    break;
                default:
                    throw new MalformedPolicyException(SyntaxErrors);
            }
        }

        PolicyParser.Demand(effect is not null, "Missing required field Effect");
        PolicyParser.Demand(kind == PolicyKind.Identity || principal is not null, "Missing required field Principal");
        PolicyParser.Demand(actions is not null, kind == PolicyKind.Identity ? "Policy statement must contain actions." : "Missing required field Action");
        PolicyParser.Demand(kind != PolicyKind.Identity || resources is not null, "Policy statement must contain resources.");
        return new PolicyStatement
        {
            Sid = string.IsNullOrEmpty(sid) ? null : sid,
            Index = index,
            Effect = effect!.Value,
            Principal = principal,
            Actions = actions!,
            Resources = resources,
            Conditions = conditions,
        };
    }

    private static string Sid(JsonElement json, PolicyKind kind)
    {
        var sid = PolicyParser.Text(json);
        PolicyParser.Demand(
            kind == PolicyKind.Resource || sid.All(char.IsAsciiLetterOrDigit),
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*");
        return sid;
    }

    private static PolicyEffect Effect(JsonElement json) => PolicyParser.Text(json) switch
    {
        "Allow" => PolicyEffect.Allow,
        "Deny" => PolicyEffect.Deny,
        var other => throw new MalformedPolicyException($"Invalid effect: {other}"),
    };

    private static ActionElement Actions(JsonElement json, bool isInverted, PolicyKind kind)
    {
        var actions = PolicyParser.Texts(json);
        PolicyParser.Demand(actions.Count > 0, "Policy statement must contain actions.");
        foreach (var action in actions)
        {
            var colon = action.IndexOf(':', StringComparison.Ordinal);
            PolicyParser.Demand(action == "*" || colon > 0, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
            PolicyParser.Demand(
                action == "*" || (IsVendor(action.AsSpan(0, colon)) && colon + 1 < action.Length && action.AsSpan(colon + 1).IndexOfAny(": \t\n") < 0),
                $"Vendor {(colon > 0 ? action[..colon] : action)} is not valid");
            PolicyParser.Demand(
                kind != PolicyKind.Trust || action.StartsWith("sts:", StringComparison.OrdinalIgnoreCase),
                "AssumeRole policy may only specify STS AssumeRole actions.");
        }

        return new ActionElement([.. actions.Select(action => PolicyText.Of(action, withWildcards: true, withVariables: false))], isInverted);
    }

    private static ResourceElement Resources(JsonElement json, bool isInverted, bool withVariables)
    {
        var resources = PolicyParser.Texts(json);
        PolicyParser.Demand(resources.Count > 0, "Policy statement must contain resources.");
        foreach (var resource in resources)
        {
            PolicyParser.Demand(IsArnPattern(resource), $"Resource {resource} must be in ARN format or \"*\".");
        }

        return new ResourceElement([.. resources.Select(resource => PolicyText.Of(resource, withWildcards: true, withVariables))], isInverted);
    }

    /// <summary>AWS fills up the end of an ARN that ends with a star early: <c>arn:aws:s3:*</c>.</summary>
    private static bool IsArnPattern(string text) =>
        text == "*" || (text.StartsWith("arn:", StringComparison.Ordinal) && (text.Count(character => character == ':') >= ArnColons || text.EndsWith('*')));

    private static bool IsVendor(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not '-' and not '*' and not '?')
            {
                return false;
            }
        }

        return true;
    }

    private static IReadOnlyList<PolicyCondition> Conditions(JsonElement json, bool withVariables)
    {
        PolicyParser.Demand(json.ValueKind == JsonValueKind.Object, SyntaxErrors);
        var conditions = new List<PolicyCondition>();
        foreach (var block in json.EnumerateObject())
        {
            var test = ConditionTest.Parse(block.Name) ?? throw new MalformedPolicyException($"Invalid Condition type : {block.Name}.");
            PolicyParser.Demand(block.Value.ValueKind == JsonValueKind.Object, SyntaxErrors);
            foreach (var key in block.Value.EnumerateObject())
            {
                PolicyParser.Demand(key.Name.IndexOf(':', StringComparison.Ordinal) > 0, $"Condition keys must be prefaced by a vendor: '{key.Name}' is not.");
                var values = PolicyParser.Items(key.Value).Select(value => Value(value, test, key.Name, withVariables)).ToList();
                conditions.Add(new PolicyCondition(test, key.Name, values));
            }
        }

        return conditions;
    }

    /// <summary>Numbers and truth values may stand without quotes.</summary>
    private static ConditionValue Value(JsonElement json, ConditionTest test, string key, bool withVariables)
    {
        var text = json.ValueKind switch
        {
            JsonValueKind.String => json.GetString()!,
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => throw new MalformedPolicyException(SyntaxErrors),
        };
        return ConditionValue.Of(text, test.Operator, withVariables)
            ?? throw new MalformedPolicyException($"The value '{text}' of {key} is not one that {test.Name} can compare with.");
    }
}
