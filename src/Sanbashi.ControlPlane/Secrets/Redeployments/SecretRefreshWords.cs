using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Parameters;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Redeployments;

/// <summary>Says what has changed, for the event log.</summary>
internal static class SecretRefreshWords
{
    /// <summary>As the beginning of a sentence: "The secret shop/db has a new value (DB_PASSWORD, DB_USER)".</summary>
    public static string Changed(IReadOnlyDictionary<string, PinnedSecret> changed)
    {
        var each = changed
            .GroupBy(static secret => secret.Value.Arn, secret => secret.Key, StringComparer.Ordinal)
            .Select(static same => (Name: Name(same.Key), Variables: string.Join(", ", same.Order(StringComparer.Ordinal))))
            .OrderBy(static one => one.Name, StringComparer.Ordinal)
            .Select(static (one, i) => $"{(i == 0 ? "The" : "the")} {one.Name} has a new value ({one.Variables})");
        return string.Join(", ", each);
    }

    private static string Name(string arn) => ParameterArn.TryParse(arn) is { } parameter
        ? $"parameter {parameter.Names[0]}"
        : SecretArn.TryParse(arn) is { } secret ? $"secret {secret.NameBeforeSuffix ?? secret.Resource}" : arn;
}
