namespace Sanbashi.Engines;

public sealed record ImageBuildOptions(string Tag, string Dockerfile = "Dockerfile", IReadOnlyDictionary<string, string>? Arguments = null, string? Target = null);
