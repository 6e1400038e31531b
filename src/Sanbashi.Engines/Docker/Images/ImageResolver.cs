using System.Text.RegularExpressions;
using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Registries;

namespace Sanbashi.Engines.Docker.Images;

/// <summary>
/// Finds out what a reference means now, and has it on the machine afterwards:
/// 1. An image id means itself.
/// 2. A private ECR name stands for an image of this machine.
/// 3. A bare name is an image of this machine, if there is one.
/// 4. Anything else is asked for at its registry. If that cannot be reached, the engine is asked to (it may know a mirror or a proxy), and then the machine.
/// 5. The digest that was found is pulled, unless it is there.
/// </summary>
internal sealed partial class ImageResolver(
    EngineClient client, EngineProfileSource profiles, LocalImages images, ImagePuller puller, RegistryClient registries, RegistryCredentials credentials)
{
    public async Task<ResolvedImage> Resolve(string text, IProgress<ImageProgress>? progress, CancellationToken cancellationToken)
    {
        var profile = await profiles.Get(cancellationToken).ConfigureAwait(false);

        // 1.
        if (ImageId().IsMatch(text))
        {
            var image = await images.Find(text, cancellationToken).ConfigureAwait(false)
                ?? throw new EngineException(EngineFailure.ImageNotFound, $"There is no image with the id {text} on this machine. It may have been pruned; build or load it again.");
            return Local(image, text, null, profile);
        }

        if (!ImageReference.TryParse(text, out var reference))
        {
            throw new EngineException(EngineFailure.ImageNotFound, $"'{text}' is not the name of an image. Names look like app:1, registry.example.com/team/app:1 or app@sha256:<64 hex digits>; repositories are lower case.");
        }

        // 2.
        if (EcrReference.LocalNames(reference) is { Count: > 0 } names)
        {
            return await FromEcrName(reference, names, profile, cancellationToken).ConfigureAwait(false);
        }

        // 3.
        if (reference.IsBare && await images.Find(text, cancellationToken).ConfigureAwait(false) is { } bare)
        {
            return Local(bare, text, null, profile);
        }

        if (!reference.HasRegistry)
        {
            throw PullFailures.Missing(reference, "the name says that it is local");
        }

        return await FromRegistry(reference, progress, profile, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ResolvedImage> FromEcrName(ImageReference reference, IReadOnlyList<string> names, EngineProfile profile, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            if (await images.Find(name, cancellationToken).ConfigureAwait(false) is { } image)
            {
                return Local(image, name, null, profile);
            }
        }

        throw new EngineException(
            EngineFailure.ImageNotFound,
            $"The image '{reference.Text}' is in a private ECR registry, which stands for images of this machine here; there is none of the name {string.Join(" or ", names.Select(name => $"'{name}'"))}. Build it, or tag one: docker tag <image> {names[^1]}.");
    }

    // 4.
    private async Task<ResolvedImage> FromRegistry(ImageReference reference, IProgress<ImageProgress>? progress, EngineProfile profile, CancellationToken cancellationToken)
    {
        var credential = await credentials.For(reference.Registry, cancellationToken).ConfigureAwait(false);
        var answer = await registries.Resolve(reference, credential, profile.InsecureRegistries.Contains(reference.Registry), cancellationToken).ConfigureAwait(false);
        if (answer is RegistryAnswer.Unreachable)
        {
            answer = await AskEngine(reference, credential, cancellationToken).ConfigureAwait(false) ?? answer;
        }

        switch (answer)
        {
            case RegistryAnswer.Found found:
                if (found.Architectures.Count > 0 && !found.Architectures.Any(architecture => Architectures.RunsOn(architecture, profile.Architecture)))
                {
                    throw LocalImages.WrongArchitecture(reference.Text, found.Architectures, profile);
                }

                return await Fetch(reference, found.Digest, credential, progress, profile, cancellationToken).ConfigureAwait(false);
            case RegistryAnswer.Missing missing:
                throw PullFailures.Missing(reference, missing.Reason);
            case RegistryAnswer.Denied denied:
                throw PullFailures.Denied(reference, denied.Reason);
            case RegistryAnswer.Unreachable unreachable:
                return await images.Find(reference.Text, cancellationToken).ConfigureAwait(false) is { } image
                    ? Local(image, reference.Text, $"The registry {reference.Registry} could not be reached ({unreachable.Reason}); the image '{reference.Text}' of this machine is used, which may be older.", profile)
                    : throw PullFailures.Unreachable(reference, unreachable.Reason);
            default:
                throw new InvalidOperationException($"A registry's answer of kind {answer.GetType().Name} has no meaning here.");
        }
    }

    // 5.
    private async Task<ResolvedImage> Fetch(
        ImageReference reference, string digest, RegistryCredential? credential, IProgress<ImageProgress>? progress, EngineProfile profile, CancellationToken cancellationToken)
    {
        var pinned = reference.WithDigest(digest);
        var image = await images.Find(pinned, cancellationToken).ConfigureAwait(false);
        var isPresent = image is not null;
        if (image is null)
        {
            await puller.Pull(reference, digest, credential, profile, progress, cancellationToken).ConfigureAwait(false);
            image = await images.Find(pinned, cancellationToken).ConfigureAwait(false)
                ?? throw new EngineException(EngineFailure.ImageNotFound, $"The image '{pinned}' was pulled, but the engine does not have it. It may be pruned as soon as it comes; see the engine's log.");
        }

        LocalImages.CheckArchitecture(image, reference.Text, profile);
        return LocalImages.Describe(image, digest, pinned, null, !isPresent);
    }

    /// <summary>What the engine itself learns at the registry; null when it learns nothing (Podman cannot be asked).</summary>
    private async Task<RegistryAnswer?> AskEngine(ImageReference reference, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        var name = $"{reference.EngineName}{(reference.Digest is { } digest ? "@" + digest : ":" + reference.Tag)}";
        try
        {
            var details = await client.Read(
                EngineCall.Get("image.distribution", $"/distribution/{name}/json") with { RegistryAuth = RegistryCredentials.Encode(credential, reference.Registry), IsLong = true },
                EngineJson.Default.DistributionDetails,
                cancellationToken).ConfigureAwait(false);
            return details.Descriptor?.Digest is { } found
                ? new RegistryAnswer.Found(found, [.. (details.Platforms ?? []).Select(platform => platform.Architecture).OfType<string>().Where(name => name.Length > 0)])
                : null;
        }
        catch (EngineApiException)
        {
            // Its refusal says no more than ours did; the caller goes on with that.
            return null;
        }
    }

    private static ResolvedImage Local(ImageDetails image, string name, string? warning, EngineProfile profile)
    {
        LocalImages.CheckArchitecture(image, name, profile);

        // Pinned by id even where a digest is known: the image is here now, a registry may have dropped it.
        return LocalImages.Describe(image, ImageReference.TryParse(name, out var reference) && !profile.IsPodman ? LocalImages.DigestOf(image, reference) : null, image.Id, warning, pulled: false);
    }

    [GeneratedRegex("^sha256:[0-9a-f]{64}$")]
    private static partial Regex ImageId();
}
