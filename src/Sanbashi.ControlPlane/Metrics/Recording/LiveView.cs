using Sanbashi.Domain.Metrics;

namespace Sanbashi.ControlPlane.Metrics.Recording;

/// <summary>What goes on in one service now.</summary>
/// <param name="Recent">What was finished in the last seconds.</param>
/// <param name="Seconds">How many seconds these are.</param>
/// <param name="History">Finished requests of each second, oldest first.</param>
public sealed record LiveView(TrafficLevel Level, TrafficFlow Recent, int Seconds, IReadOnlyList<long> History)
{
    /// <summary>Of the last seconds, per second.</summary>
    public double Rate(long count) => count / (double)Seconds;
}
