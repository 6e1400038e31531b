using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;

namespace Sanbashi.Cli.Services.Definition;

/// <summary>
/// What <c>--secret VARIABLE=REFERENCE</c> refers to; a secret may be given by its name here, though the API wants its ARN. A bare name is a parameter's for the API, so
/// parameters are told apart by what stands before them.
/// </summary>
internal static class SecretReferences
{
    private const string ParameterPrefix = "ssm:";

    public static async Task<JsonObject> Resolve(PlatformConnection platform, IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        var references = new JsonObject();
        foreach (var option in options)
        {
            var (variable, reference) = KeyValues.Pair(option, "--secret");
            references[variable] = reference.StartsWith("arn:", StringComparison.Ordinal) ? reference
                : reference.StartsWith(ParameterPrefix, StringComparison.Ordinal) ? reference[ParameterPrefix.Length..]
                : await Arn(platform, reference, cancellationToken);
        }

        return references;
    }

    /// <summary>What follows a name at a colon (a JSON key, a label, a version) follows its ARN as well.</summary>
    private static async Task<string> Arn(PlatformConnection platform, string reference, CancellationToken cancellationToken)
    {
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? reference : reference[..colon];
        var secret = await platform.Api.SecretsManager("DescribeSecret", new JsonObject { ["SecretId"] = name }, cancellationToken);
        return (string)secret["ARN"]! + reference[name.Length..];
    }
}
