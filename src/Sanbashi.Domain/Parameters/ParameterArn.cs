using Sanbashi.Domain.Identity;

namespace Sanbashi.Domain.Parameters;

/// <summary>The ARN of a parameter. A word and a path of one level look alike in it.</summary>
/// <param name="Names">What it can mean, the likeliest first.</param>
public sealed record ParameterArn(ResourceScope Scope, IReadOnlyList<string> Names)
{
    private const string Start = "arn:aws:ssm:";
    private const string Resource = "parameter";

    public static string Of(ResourceScope scope, string name) => $"{Start}{scope.Region}:{scope.Account}:{Resource}{(name.StartsWith('/') ? "" : "/")}{name}";

    public static bool IsArn(string text) => text.StartsWith("arn:", StringComparison.Ordinal);

    /// <summary>Null for what is no ARN of a parameter.</summary>
    public static ParameterArn? TryParse(string text)
    {
        if (!text.StartsWith(Start, StringComparison.Ordinal)
            || text.Split(':', 6) is not [_, _, _, var region, var account, var resource]
            || !resource.StartsWith(Resource + "/", StringComparison.Ordinal))
        {
            return null;
        }

        var path = resource[Resource.Length..];
        return new ParameterArn(new ResourceScope(account, region), ParameterName.Levels(path) == 1 ? [path[1..], path] : [path]);
    }
}
