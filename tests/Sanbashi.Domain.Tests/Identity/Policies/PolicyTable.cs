using System.Text.Json.Nodes;
using Sanbashi.Domain.Identity.Policies;

namespace Sanbashi.Domain.Tests.Identity.Policies;

/// <summary>Reads the cases of <c>policy-cases.txt</c>; its head describes the lines.</summary>
internal static class PolicyTable
{
    private const string Account = "000000000000";

    private static readonly string[] _policyWords = ["identity", "boundary", "session", "resource-policy"];

    public static IEnumerable<PolicyCase> Cases()
    {
        var policies = new PolicySet();
        var isOver = true;
        var number = 0;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Identity", "Policies", "policy-cases.txt")))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var (word, rest) = (line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..].Trim());
            if (_policyWords.Contains(word))
            {
                policies = Add(isOver ? new PolicySet() : policies, word, rest);
                isOver = false;
                continue;
            }

            isOver = true;
            yield return new PolicyCase($"{number}: {line}", Check(word, rest, policies));
        }
    }

    private static Func<string?> Check(string word, string rest, PolicySet policies)
    {
        var parts = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return word switch
        {
            "action" => () => Differs(parts[2], Allows(Statement($"\"Action\":\"{parts[0]}\",\"Resource\":\"*\""), Request(parts[1], "*", []))),
            "resource" => () => Differs(parts[2], Allows(Statement($"\"Action\":\"*\",\"Resource\":\"{parts[0]}\""), Request("s3:x", parts[1], parts[3..]))),
            "when" => () => Differs(parts[3], Allows(
                Statement(Condition(parts[0], parts[1])),
                Request("s3:x", "*", [.. parts[2] == "-" ? [] : new[] { $"test:Key={parts[2]}" }, .. parts[4..]]))),
            "bad" => () => Refusal(parts[0], rest[(parts[0].Length + 1)..]),
            _ => () => Verdict(word, policies, Request(parts[0], parts[1], parts[2..])),
        };
    }

    private static string? Verdict(string word, PolicySet policies, PolicyRequest request)
    {
        var decision = PolicyEvaluator.Decide(policies, request, Account);
        var wanted = word switch
        {
            "allow" => PolicyVerdict.Allowed,
            "deny" => PolicyVerdict.ExplicitDeny,
            "none" => PolicyVerdict.ImplicitDeny,
            _ => throw new InvalidDataException($"'{word}' starts no case"),
        };
        return decision.Verdict == wanted ? null : $"{decision.Verdict} {decision.Reason(request.Action)}";
    }

    private static string? Refusal(string kind, string rest)
    {
        var arrow = rest.IndexOf(" => ", StringComparison.Ordinal);
        try
        {
            PolicyParser.Parse(rest[..arrow], Enum.Parse<PolicyKind>(kind, ignoreCase: true));
            return "it was taken";
        }
        catch (MalformedPolicyException refusal)
        {
            return refusal.Message.Contains(rest[(arrow + 4)..], StringComparison.Ordinal) ? null : refusal.Message;
        }
    }

    private static PolicySet Add(PolicySet policies, string word, string statement)
    {
        var kind = word != "resource-policy" ? PolicyKind.Identity : statement.Contains("\"Resource\"", StringComparison.Ordinal) ? PolicyKind.Resource : PolicyKind.Trust;
        var policy = new NamedPolicy(word, PolicyParser.Parse($$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""", kind));
        return word switch
        {
            "identity" => policies with { Identity = [.. policies.Identity, policy] },
            "boundary" => policies with { Boundary = policy },
            "session" => policies with { Session = [.. policies.Session ?? [], policy] },
            _ => policies with { Resource = policy },
        };
    }

    private static string Condition(string test, string values) =>
        "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
        + new JsonObject { [test] = new JsonObject { ["test:Key"] = new JsonArray([.. values.Split('|').Select(value => (JsonNode)value)]) } }.ToJsonString();

    private static PolicySet Statement(string elements) => Add(new PolicySet(), "identity", $$"""{"Effect":"Allow",{{elements}}}""");

    private static bool Allows(PolicySet policies, PolicyRequest request) => PolicyEvaluator.Decide(policies, request).IsAllowed;

    private static string? Differs(string expected, bool actual) => expected == (actual ? "yes" : "no") ? null : actual ? "yes" : "no";

    private static PolicyRequest Request(string action, string resource, IReadOnlyList<string> pairs)
    {
        var keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        var (caller, account) = ("user/bob", Account);
        foreach (var pair in pairs)
        {
            var (name, value) = (pair[..pair.IndexOf('=')], pair[(pair.IndexOf('=') + 1)..]);
            (caller, account) = name switch { "as" => (value, account), "from" => (caller, value), _ => (caller, account) };
            keys[name] = value.Split('|');
        }

        var at = caller.Split('/');
        if (at[0] == "user")
        {
            keys.TryAdd("aws:username", [at[1]]);
        }

        return new PolicyRequest(Principal(at, account), action, resource, keys);
    }

    private static PolicyPrincipal Principal(string[] caller, string account) => caller[0] switch
    {
        "root" => PolicyPrincipal.Root(account),
        "service" => PolicyPrincipal.Service(caller[1]),
        "role" => new PolicyPrincipal(PrincipalKind.AssumedRole, account, $"arn:aws:sts::{account}:assumed-role/{caller[1]}/session", $"arn:aws:iam::{account}:role/{caller[1]}"),
        _ => new PolicyPrincipal(PrincipalKind.User, account, $"arn:aws:iam::{account}:user/{caller[1]}"),
    };
}
