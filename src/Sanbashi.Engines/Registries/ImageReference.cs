using System.Text.RegularExpressions;

namespace Sanbashi.Engines.Registries;

/// <summary>
/// A name of an image, <c>[registry/]repository[:tag][@digest]</c>, read by Docker's rules: the first part is a registry only if it has a dot or a port or is
/// <c>localhost</c>; without one, <c>docker.io</c> is meant, and <c>library/</c> for single names.
/// </summary>
internal sealed partial record ImageReference
{
    public const string DockerHub = "docker.io";

    private const int LongestName = 255;

    private ImageReference(string text, string? registry, string repository, string? tag, string? digest) =>
        (Text, GivenRegistry, Repository, GivenTag, Digest) = (text, registry, repository, tag, digest);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Null for a bare name.</summary>
    public string? GivenRegistry { get; }

    public string Registry => GivenRegistry ?? DockerHub;

    /// <summary>The repository's name in the registry.</summary>
    public string Repository { get; }

    public string? GivenTag { get; }

    public string Tag => GivenTag ?? "latest";

    public string? Digest { get; }

    /// <summary>Bare names mean images of this machine first. Podman writes names of its own images with <c>localhost/</c>.</summary>
    public bool IsBare => GivenRegistry is null or "localhost";

    /// <summary>Whether it can be asked for at a registry at all.</summary>
    public bool HasRegistry => GivenRegistry != "localhost";

    /// <summary>What the engine knows it by, without tag and digest.</summary>
    public string EngineName => GivenRegistry is null ? ShortRepository : GivenRegistry == DockerHub ? ShortRepository : $"{GivenRegistry}/{Repository}";

    /// <summary>What a registry's manifest is asked for by.</summary>
    public string ManifestReference => Digest ?? Tag;

    public string WithDigest(string digest) => $"{EngineName}@{digest}";

    private string ShortRepository => Repository.StartsWith("library/", StringComparison.Ordinal) ? Repository["library/".Length..] : Repository;

    public static bool TryParse(string text, out ImageReference reference)
    {
        reference = null!;
        var match = Form().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var name = match.Groups["name"].Value;
        var slash = name.IndexOf('/');
        var first = slash < 0 ? "" : name[..slash];
        var registry = first.Contains('.') || first.Contains(':') || first == "localhost" ? first : null;
        var repository = registry is null ? name : name[(slash + 1)..];
        if (name.Length > LongestName || !Repositories().IsMatch(repository) || (registry is not null && !Registries().IsMatch(registry)))
        {
            return false;
        }

        registry = registry is "index.docker.io" or "registry-1.docker.io" ? DockerHub : registry;
        repository = registry is null or DockerHub && !repository.Contains('/') ? "library/" + repository : repository;
        reference = new ImageReference(text, registry, repository, Value(match, "tag"), Value(match, "digest"));
        return true;
    }

    private static string? Value(Match match, string group) => match.Groups[group] is { Success: true } found ? found.Value : null;

    [GeneratedRegex(@"^(?<name>[^@\s]+?)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}))?$")]
    private static partial Regex Form();

    [GeneratedRegex(@"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$")]
    private static partial Regex Repositories();

    [GeneratedRegex(@"^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?$")]
    private static partial Regex Registries();
}
