namespace Sanbashi.Domain.Metrics.Expressions;

/// <summary>The periods of a question.</summary>
/// <param name="Start">Where the first begins.</param>
/// <param name="End">No period begins here or later.</param>
public sealed record MathGrid(DateTimeOffset Start, DateTimeOffset End);
