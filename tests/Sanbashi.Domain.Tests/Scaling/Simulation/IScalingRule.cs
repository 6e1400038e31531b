namespace Sanbashi.Domain.Tests.Scaling.Simulation;

/// <summary>Says how many instances a simulated service shall have.</summary>
internal interface IScalingRule
{
    /// <summary>The load has changed.</summary>
    void Observe(TimeSpan now, int inFlight, int waiting);

    /// <param name="present">Instances that take requests or will.</param>
    /// <param name="ready">How many of them take requests.</param>
    int Decide(TimeSpan now, int present, int ready);

    /// <summary>When to ask again though the load has not changed; null if it need not be.</summary>
    TimeSpan? NextLook { get; }
}
