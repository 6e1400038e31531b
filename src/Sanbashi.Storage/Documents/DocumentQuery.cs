using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage;

/// <summary>All conditions that are set must hold.</summary>
public sealed record DocumentQuery(string Kind)
{
    /// <summary>Null: over all scopes.</summary>
    public ResourceScope? Scope { get; init; }

    public string? Name { get; init; }

    public string? Parent { get; init; }

    public bool NewestFirst { get; init; }

    /// <summary>Only documents created after this sequence (before it, when newest first); for paging.</summary>
    public long? AfterCreated { get; init; }

    public int? Limit { get; init; }
}
