using System.Net;
using System.Text.RegularExpressions;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Images;

/// <summary>
/// Tags that keep images from being pruned. Releasing the last name of an image removes it; one that a container still runs from stays until then.
/// </summary>
internal sealed partial class ImageHolds(EngineClient client, EngineProfileSource profiles, LocalImages images, Installation installation)
{
    public async Task Hold(string imageId, string holdName, CancellationToken cancellationToken)
    {
        Check(holdName);
        await client.Do(
            EngineCall.Post("image.tag", EngineQuery.Of($"/images/{imageId}/tag", ("repo", installation.HoldRepository), ("tag", holdName))), cancellationToken)
            .ConfigureAwait(false);
    }

    public async Task Release(string holdName, CancellationToken cancellationToken)
    {
        Check(holdName);
        var profile = await profiles.Get(cancellationToken).ConfigureAwait(false);
        await RemoveTag($"{installation.HoldRepository}:{holdName}", profile, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<string>> List(CancellationToken cancellationToken)
    {
        var images = await client.Read(EngineCall.Get("image.list", "/images/json"), EngineJson.Default.ListImageSummary, cancellationToken).ConfigureAwait(false);
        var marker = installation.HoldRepository + ":";
        return [.. images.SelectMany(image => image.RepoTags ?? []).Select(tag => HoldName(tag, marker)).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Removes a name; the image goes with its last name, unless a container uses it.</summary>
    public async Task RemoveTag(string tag, EngineProfile profile, CancellationToken cancellationToken)
    {
        // With force, Docker takes the name off an image in use, and Podman removes the containers that use it.
        var call = EngineCall.Delete("image.remove", $"/images/{tag}{(profile.IsPodman ? "" : "?force=1")}");
        var status = await client.Do(call with { IsLong = true, Tolerates = [HttpStatusCode.NotFound, HttpStatusCode.Conflict] }, cancellationToken).ConfigureAwait(false);
        if (status == HttpStatusCode.Conflict && profile.IsPodman)
        {
            await Untag(tag, cancellationToken).ConfigureAwait(false);
        }
    }

    // Podman's own API, since the compatible one has no call that only takes a name away. It wants the name as Podman keeps it, with a registry before it.
    private async Task Untag(string tag, CancellationToken cancellationToken)
    {
        var image = await images.Find(tag, cancellationToken).ConfigureAwait(false);
        if (image?.RepoTags?.FirstOrDefault(name => name == tag || name.EndsWith("/" + tag, StringComparison.Ordinal)) is not { } name)
        {
            return;
        }

        var colon = name.LastIndexOf(':');
        var path = EngineQuery.Of($"/libpod/images/{name}/untag", ("repo", name[..colon]), ("tag", name[(colon + 1)..]));
        await client.Do(EngineCall.Post("image.untag", path) with { Tolerates = [HttpStatusCode.NotFound] }, cancellationToken).ConfigureAwait(false);
    }

    // Podman puts a registry before names that have none.
    private static string? HoldName(string tag, string marker) =>
        tag.StartsWith(marker, StringComparison.Ordinal) ? tag[marker.Length..]
        : tag.IndexOf("/" + marker, StringComparison.Ordinal) is > 0 and var at && tag[..at] is "docker.io" or "localhost" ? tag[(at + 1 + marker.Length)..]
        : null;

    private static void Check(string holdName)
    {
        if (!Tag().IsMatch(holdName))
        {
            throw new ArgumentException($"'{holdName}' cannot name a hold: it becomes a tag, 1 to 128 letters, digits, '_', '.' or '-', not beginning with '.' or '-'.", nameof(holdName));
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")]
    private static partial Regex Tag();
}
