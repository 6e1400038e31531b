using System.Text.RegularExpressions;
using Sanbashi.Domain.Identity;

namespace Sanbashi.Domain.Secrets;

/// <summary>A full or partial ARN of a secret: the partial one ends with the name, the full one with six more characters.</summary>
/// <param name="Resource">What follows <c>secret:</c>.</param>
public sealed partial record SecretArn(ResourceScope Scope, string Resource)
{
    public const int SuffixLength = 6;
    public const string SuffixAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private const string Start = "arn:aws:secretsmanager:";

    /// <summary>The name, if this is a full ARN; null when it can only be a partial one.</summary>
    public string? NameBeforeSuffix => Suffixed().Match(Resource) is { Success: true } match ? match.Groups["name"].Value : null;

    public static string Of(ResourceScope scope, string name, string suffix) => $"{Prefix(scope)}{name}-{suffix}";

    public static string Prefix(ResourceScope scope) => $"{Start}{scope.Region}:{scope.Account}:secret:";

    public static bool IsArn(string text) => text.StartsWith("arn:", StringComparison.Ordinal);

    /// <summary>Null for what is no ARN of a secret.</summary>
    public static SecretArn? TryParse(string text) =>
        text.StartsWith(Start, StringComparison.Ordinal) && text.Split(':', 7) is [_, _, _, var region, var account, "secret", { Length: > 0 } resource]
            ? new SecretArn(new ResourceScope(account, region), resource)
            : null;

    [GeneratedRegex(@"\A(?<name>.+)-[A-Za-z0-9]{6}\z", RegexOptions.Singleline)]
    private static partial Regex Suffixed();
}
