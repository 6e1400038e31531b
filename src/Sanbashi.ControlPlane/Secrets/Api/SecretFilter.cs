using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>One filter of <c>ListSecrets</c>: a secret passes when any value fits; a value that begins with ! fits what it would not.</summary>
internal sealed record SecretFilter(string Key, IReadOnlyList<string> Values)
{
    public static SecretFilter Read(JsonObject filter) => new(
        filter.Text("Key") ?? throw SecretErrors.InvalidParameter("A filter has no Key. Give each filter a Key and Values."),
        filter.Texts("Values") ?? throw SecretErrors.InvalidParameter("A filter has no Values. Give each filter a Key and Values."));

    public bool Matches(SecretRecord secret) => Values.Any(value => value.StartsWith('!') ? !Fits(secret, value[1..]) : Fits(secret, value));

    private bool Fits(SecretRecord secret, string value) => Key switch
    {
        "name" => Begins(secret.Name, value),
        "description" => Words(value).All(word => Words(secret.Description ?? "").Any(other => Contains(other, word))),
        "tag-key" => secret.Tags.Keys.Any(tag => Begins(tag, value)),
        "tag-value" => secret.Tags.Values.Any(tag => Begins(tag, value)),
        "primary-region" => secret.Scope.Region == value,
        "owning-service" => false,
        _ => Words(value).All(word => Everything(secret).Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase))),
    };

    private static IEnumerable<string> Everything(SecretRecord secret) => [secret.Name, secret.Description ?? "", .. secret.Tags.Keys, .. secret.Tags.Values];

    private static bool Begins(string text, string value) => text.StartsWith(value, StringComparison.Ordinal);

    private static bool Contains(string word, string value) => word.StartsWith(value, StringComparison.OrdinalIgnoreCase);

    private static string[] Words(string text) => text.Split([' ', ':', '_', '@', '/', '+', '=', '.', '-', '!'], StringSplitOptions.RemoveEmptyEntries);
}
