using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Registries;

namespace Sanbashi.Engines.Docker.Images;

/// <summary>Images that the engine has.</summary>
internal sealed class LocalImages(EngineClient client)
{
    public Task<ImageDetails?> Find(string name, CancellationToken cancellationToken) =>
        client.Find(EngineCall.Get("image.inspect", $"/images/{Uri.EscapeDataString(name).Replace("%2F", "/", StringComparison.Ordinal)}/json"), EngineJson.Default.ImageDetails, cancellationToken);

    public static ResolvedImage Describe(ImageDetails image, string? digest, string pinned, string? warning, bool pulled) => new(
        image.Id.StartsWith("sha256:", StringComparison.Ordinal) ? image.Id : "sha256:" + image.Id,
        digest,
        pinned,
        Architectures.Normalize(image.Architecture ?? ""),
        image.Size,
        [.. Ports(image)],
        image.Config?.Entrypoint ?? [],
        image.Config?.Cmd ?? [],
        warning,
        pulled);

    public static void CheckArchitecture(ImageDetails image, string reference, EngineProfile profile)
    {
        if (!Architectures.RunsOn(image.Architecture, profile.Architecture))
        {
            throw WrongArchitecture(reference, [Architectures.Normalize(image.Architecture ?? "")], profile);
        }
    }

    public static EngineException WrongArchitecture(string reference, IEnumerable<string> offered, EngineProfile profile) => new(
        EngineFailure.WrongArchitecture,
        $"The image '{reference}' is built for {string.Join(", ", offered)}, this machine is {profile.Architecture}. Build it with '--platform linux/{profile.Architecture}' or name an image that has it.");

    /// <summary>The registry's digest under which the engine keeps an image of this very name.</summary>
    public static string? DigestOf(ImageDetails image, ImageReference reference)
    {
        var prefixes = new[] { reference.EngineName + "@", $"{reference.Registry}/{reference.Repository}@" };
        return image.RepoDigests?.Select(name => prefixes.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix ? name[prefix.Length..] : null)
            .FirstOrDefault(digest => digest is not null);
    }

    private static IEnumerable<int> Ports(ImageDetails image) =>
        (image.Config?.ExposedPorts?.Keys ?? [])
            .Select(port => port.EndsWith("/tcp", StringComparison.Ordinal) ? port[..^"/tcp".Length] : port)
            .Select(port => int.TryParse(port, out var value) ? value : 0)
            .Where(port => port > 0)
            .Order();
}
