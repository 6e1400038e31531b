using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Api;

/// <summary>What a call wants to write, all or nothing, and what it answers once that is written.</summary>
/// <param name="Writes">May be empty: then there is nothing to do but to answer.</param>
internal sealed record Proposal<T>(IReadOnlyList<DocumentWrite> Writes, T Answer);
