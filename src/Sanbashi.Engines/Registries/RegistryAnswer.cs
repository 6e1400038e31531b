namespace Sanbashi.Engines.Registries;

/// <summary>What a registry says about a reference.</summary>
internal abstract record RegistryAnswer
{
    /// <param name="Digest">Of the index or manifest that the reference names.</param>
    /// <param name="Architectures">That there is an image for; empty where the registry did not tell.</param>
    public sealed record Found(string Digest, IReadOnlyList<string> Architectures) : RegistryAnswer;

    public sealed record Missing(string Reason) : RegistryAnswer;

    public sealed record Denied(string Reason) : RegistryAnswer;

    public sealed record Unreachable(string Reason) : RegistryAnswer;
}
