namespace Sanbashi.Bench.Soak;

/// <summary>One look at everything that could grow.</summary>
/// <param name="Minutes">Since the load began.</param>
/// <param name="Store">Megabytes of the store's files.</param>
/// <param name="Logs">Megabytes of the log files.</param>
internal sealed record SoakSample(
    double Minutes, ProcessFigures Supervisor, ProcessFigures ControlPlane, ProcessFigures Gateway, int Containers, int Running, double Store, double Logs)
{
    public double Together => Supervisor.Megabytes + ControlPlane.Megabytes + Gateway.Megabytes;
}
