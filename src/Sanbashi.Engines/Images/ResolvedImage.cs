namespace Sanbashi.Engines;

/// <param name="ImageId">What containers are started from, <c>sha256:...</c>.</param>
/// <param name="Digest">The registry's digest; null for an image that only exists on the machine.</param>
/// <param name="Pinned">A reference that always means this very image: <c>name@sha256:...</c>, or the image id.</param>
/// <param name="ExposedPorts">TCP ports of EXPOSE, ascending.</param>
/// <param name="Warning">What a person should know of how it was found; null if nothing.</param>
/// <param name="Pulled">Whether layers had to be fetched.</param>
public sealed record ResolvedImage(
    string ImageId, string? Digest, string Pinned, string Architecture, long SizeBytes, IReadOnlyList<int> ExposedPorts,
    IReadOnlyList<string> Entrypoint, IReadOnlyList<string> Command, string? Warning, bool Pulled);
