namespace Sanbashi.Domain.Metrics;

/// <summary>Everything that was counted and seen of one service within one minute.</summary>
public sealed class MetricMinute
{
    private readonly Measure[] _gauges = new Measure[Enum.GetValues<MetricGauge>().Length];

    public TrafficFlow Traffic { get; } = new();

    public Measure this[MetricGauge gauge]
    {
        get => _gauges[(int)gauge];
        set => _gauges[(int)gauge] = value;
    }

    /// <summary>Takes in what another process, or an earlier one, has seen of the same minute.</summary>
    public void Add(MetricMinute other)
    {
        Traffic.Add(other.Traffic);
        for (var gauge = 0; gauge < _gauges.Length; gauge++)
        {
            _gauges[gauge] = _gauges[gauge].Plus(other._gauges[gauge]);
        }
    }
}
