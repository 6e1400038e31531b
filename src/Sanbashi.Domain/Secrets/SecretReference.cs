namespace Sanbashi.Domain.Secrets;

/// <summary>
/// What a secret variable refers to: the ARN of a secret, and behind it, at colons, the key of a JSON document, a staging label and the id of a version, each of which may be
/// empty or left out.
/// </summary>
/// <param name="Text">As it was given.</param>
/// <param name="SecretId">The ARN alone.</param>
public sealed record SecretReference(string Text, SecretArn Arn, string SecretId, string? JsonKey, string? Stage, string? VersionId)
{
    /// <summary>arn, aws, secretsmanager, region, account, secret and the name.</summary>
    private const int ArnParts = 7;

    private const int MostParts = ArnParts + 3;

    /// <summary>Null for what has another form.</summary>
    public static SecretReference? TryParse(string text)
    {
        var parts = text.Split(':');
        if (parts.Length is < ArnParts or > MostParts)
        {
            return null;
        }

        var secretId = string.Join(':', parts[..ArnParts]);
        return SecretArn.TryParse(secretId) is { } arn && Part(6) is not null
            ? new SecretReference(text, arn, secretId, Part(7), Part(8), Part(9))
            : null;

        string? Part(int index) => parts.Length > index && parts[index].Length > 0 ? parts[index] : null;
    }
}
