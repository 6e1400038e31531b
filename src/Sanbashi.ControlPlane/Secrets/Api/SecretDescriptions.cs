using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>The calls that show a secret without its values.</summary>
internal sealed class SecretDescriptions(SecretLookup lookup)
{
    private const int DefaultSize = 100;

    public async Task<JsonObject> Describe(ApiCall call, CancellationToken cancellationToken) =>
        SecretAnswers.Description((await lookup.Find(call, cancellationToken)).Record);

    public async Task<JsonObject> ListVersions(ApiCall call, CancellationToken cancellationToken)
    {
        var secret = (await lookup.Find(call, cancellationToken)).Record;
        var withDeprecated = call.Input.Flag("IncludeDeprecated") == true;
        var (versions, next) = PageTokens.Page(
            call,
            secret.Versions.Where(version => withDeprecated || !version.IsDeprecated).OrderBy(Key, StringComparer.Ordinal),
            Key,
            call.Input.Integer("MaxResults") ?? DefaultSize,
            SecretErrors.InvalidTokenCode);
        var output = SecretAnswers.Name(secret);
        output["Versions"] = ApiOutput.List(versions.Select(SecretAnswers.Version));
        output["NextToken"] = next;
        return output;
    }

    private static string Key(SecretVersion version) => string.Create(CultureInfo.InvariantCulture, $"{version.CreatedAt.Ticks:D20}{version.Id}");
}
