namespace Sanbashi.ControlPlane.Identity.Authorization;

/// <summary>What a call is about, as policies know it.</summary>
internal sealed record KnownResource(string Arn)
{
    public static IReadOnlyDictionary<string, string> NoTags { get; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags;

    /// <summary>The text of its own policy; null when it has none.</summary>
    public string? Policy { get; init; }
}
