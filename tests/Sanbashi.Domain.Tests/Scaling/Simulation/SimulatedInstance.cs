namespace Sanbashi.Domain.Tests.Scaling.Simulation;

internal sealed class SimulatedInstance
{
    public int InFlight { get; set; }

    public bool IsReady { get; set; }

    public bool IsDraining { get; set; }

    public bool IsGone { get; set; }
}
