namespace Sanbashi.Domain.Scaling;

/// <summary>A height that the load had, as a level or as a rise.</summary>
/// <param name="Until">The last moment at which it held.</param>
public readonly record struct DemandPeak(DateTimeOffset Until, int Height);
