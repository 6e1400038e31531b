using System.Text.RegularExpressions;

namespace Sanbashi.Engines.Registries;

/// <summary>Names in private ECR registries. They stand for images of this machine: of that very name, or of what follows the registry.</summary>
internal static partial class EcrReference
{
    /// <summary>Local names to try, in this order; empty when the name is not one of ECR's.</summary>
    public static IReadOnlyList<string> LocalNames(ImageReference reference)
    {
        if (reference.GivenRegistry is null || !Host().IsMatch(reference.GivenRegistry))
        {
            return [];
        }

        var suffix = reference.Digest is { } digest ? "@" + digest : ":" + reference.Tag;
        return [$"{reference.GivenRegistry}/{reference.Repository}{suffix}", $"{reference.Repository}{suffix}"];
    }

    [GeneratedRegex(@"^[0-9]{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)$")]
    private static partial Regex Host();
}
