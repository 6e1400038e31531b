using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Registries;

namespace Sanbashi.Engines.Docker.Images;

/// <summary>What went wrong with an image, in kinds and in words that help.</summary>
internal static class PullFailures
{
    /// <param name="text">The engine's: the only place where it tells failures of a pull apart.</param>
    public static EngineException Translate(ImageReference reference, string text)
    {
        if (RuntimeText.IsDiskFull(text))
        {
            return EngineFailures.DiskFull($"pulling the image '{reference.Text}'", text);
        }

        if (Has(text, "no matching manifest", "no image found in manifest list", "no image found in image index"))
        {
            return new EngineException(EngineFailure.WrongArchitecture, $"The image '{reference.Text}' does not exist for this machine: {RuntimeText.Clean(text)}.");
        }

        if (Has(text, "unauthorized", "denied", "authentication required", "no basic auth", "forbidden"))
        {
            return Denied(reference, RuntimeText.Clean(text));
        }

        return Has(text, "manifest unknown", "not found", "does not exist", "name unknown")
            ? Missing(reference, RuntimeText.Clean(text))
            : Unreachable(reference, RuntimeText.Clean(text));
    }

    public static EngineException Missing(ImageReference reference, string reason) => new(
        EngineFailure.ImageNotFound,
        reference.GivenRegistry is null
            ? $"There is no image '{reference.Text}', neither on this machine nor at {reference.Registry} ({reason}). Check name and tag, or build it first."
            : $"There is no image '{reference.Text}' at {reference.Registry} ({reason}). Check name and tag.");

    public static EngineException Denied(ImageReference reference, string reason) => new(
        EngineFailure.ImageDenied,
        $"The registry {reference.Registry} refuses the image '{reference.Text}': {reason}. Check the name, and sign in as the platform's user: docker login{(reference.Registry == ImageReference.DockerHub ? "" : " " + reference.Registry)}.");

    public static EngineException Unreachable(ImageReference reference, string reason) => new(
        EngineFailure.RegistryUnreachable,
        $"The image '{reference.Text}' is not on this machine, and the registry {reference.Registry} cannot be reached: {reason}. Check the network, or load the image into the engine.");

    private static bool Has(string text, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (text.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
