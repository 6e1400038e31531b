namespace Sanbashi.Domain.Secrets;

/// <summary>One version of a secret's value. Without staging labels it is deprecated: it can be read by its id until it is removed.</summary>
public sealed record SecretVersion
{
    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<string> Stages { get; init; } = [];

    /// <summary>The day on which it was read last.</summary>
    public DateOnly? AccessedOn { get; init; }

    public bool IsDeprecated => Stages.Count == 0;
}
