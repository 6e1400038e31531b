namespace Sanbashi.Wire;

/// <summary>Replaces what a model says about the texts of one shape; lengths and enums stay as they are.</summary>
public sealed record ConstraintOverride
{
    /// <summary>A regular expression for the whole text (ECMAScript, anchored by the validator).</summary>
    public string? Pattern { get; init; }

    /// <summary>The only texts that are allowed.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>What to say when <see cref="Pattern"/> does not match, instead of quoting it: "Member must ...".</summary>
    public string? Description { get; init; }

    /// <summary>A check in code: <c>null</c> when the text is fine, else "Member must ...". Must be thread-safe.</summary>
    public Func<string, string?>? Check { get; init; }
}
