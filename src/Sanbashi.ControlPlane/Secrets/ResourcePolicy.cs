using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Whether a text is a policy document that a secret may carry.</summary>
/// <param name="Problem">What is wrong with it; null when it is one.</param>
/// <param name="IsPublic">Whether a statement allows something to everybody without a condition.</param>
internal sealed record ResourcePolicy(string? Problem, bool IsPublic)
{
    public static ResourcePolicy Check(string text)
    {
        JsonNode? document;
        try
        {
            document = JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return Broken("It is not JSON.");
        }

        if (document is not JsonObject policy)
        {
            return Broken("It is not a JSON object.");
        }

        if (policy["Version"] is { } version && Text(version) is not ("2012-10-17" or "2008-10-17"))
        {
            return Broken("Its Version must be 2012-10-17.");
        }

        var statements = policy["Statement"] switch
        {
            JsonObject one => [one],
            JsonArray many => many,
            _ => (IEnumerable<JsonNode?>)[],
        };
        var all = statements.ToList();
        return all.Count == 0
            ? Broken("It has no Statement.")
            : all.Select(Problems).FirstOrDefault(static problem => problem is not null) is { } first
                ? Broken(first)
                : new ResourcePolicy(null, all.Any(static statement => IsForEverybody(statement!.AsObject())));
    }

    private static string? Problems(JsonNode? node) => node is not JsonObject statement
        ? "A statement is not a JSON object."
        : Text(statement["Effect"]) is not ("Allow" or "Deny")
            ? "The Effect of a statement must be Allow or Deny."
            : OneOf(statement, "Principal") ?? OneOf(statement, "Action") ?? OneOf(statement, "Resource");

    private static string? OneOf(JsonObject statement, string member) => statement.ContainsKey(member) == statement.ContainsKey($"Not{member}")
        ? $"A statement must have {member} or Not{member}, and not both."
        : null;

    private static bool IsForEverybody(JsonObject statement) =>
        Text(statement["Effect"]) == "Allow" && !statement.ContainsKey("Condition") && statement["Principal"] switch
        {
            JsonObject principals => principals["AWS"] is JsonArray list ? list.Any(static item => Text(item) == "*") : Text(principals["AWS"]) == "*",
            var one => Text(one) == "*",
        };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static ResourcePolicy Broken(string problem) => new(problem, false);
}
