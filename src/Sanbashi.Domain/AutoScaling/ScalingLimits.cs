namespace Sanbashi.Domain.AutoScaling;

/// <summary>The numbers of an auto scaling configuration. Defaults are those of App Runner's DefaultConfiguration.</summary>
/// <param name="MaxConcurrency">Requests in flight per instance, 1-200.</param>
/// <param name="MinSize">Instances that stay provisioned, 1-25.</param>
/// <param name="MaxSize">At least MinSize.</param>
public sealed record ScalingLimits(int MaxConcurrency = 100, int MinSize = 1, int MaxSize = 25);
