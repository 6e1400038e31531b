using Sanbashi.Domain.Scaling;

namespace Sanbashi.Domain.Tests.Scaling.Simulation;

/// <summary>Both rules with the same shape, the same instances and the same time that these need to start.</summary>
internal sealed record ScalingComparison(LoadShape Shape, TimeSpan StartDelay, SimulationResult Sanbashi, SimulationResult Knative)
{
    public const int MaxConcurrency = 10;
    private const int MaxSize = 50;

    public static ScalingComparison Of(LoadShape shape, TimeSpan startDelay) => new(
        shape,
        startDelay,
        Run(shape, startDelay, new SanbashiRule(MaxConcurrency, shape.MinSize, MaxSize, startDelay > ScalingDefaults.BurstTime)),
        Run(shape, startDelay, new KnativeRule(MaxConcurrency, shape.MinSize)));

    private static SimulationResult Run(LoadShape shape, TimeSpan startDelay, IScalingRule rule) => new SimulatedService(shape, rule, MaxConcurrency, MaxSize, startDelay).Run();
}
