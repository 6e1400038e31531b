using Sanbashi.Domain.Scaling;

namespace Sanbashi.Domain.Tests.Scaling.Simulation;

/// <summary>The product's ledger and autoscaler. Nothing is frozen, so that an instance costs the same under both rules.</summary>
internal sealed class SanbashiRule(int maxConcurrency, int minSize, int maxSize, bool startsSlowly) : IScalingRule
{
    private static readonly DateTimeOffset _begin = new(2026, 6, 12, 8, 0, 0, TimeSpan.Zero);

    private readonly DemandLedger _ledger = new();
    private readonly ScalingPolicy _policy = new()
    {
        MaxConcurrency = maxConcurrency,
        MinSize = minSize,
        MaxSize = maxSize,
        IdlePeriod = ScalingDefaults.IdlePeriod,
        ScaleInAfter = ScalingDefaults.ScaleInAfter,
        StartsSlowly = startsSlowly,
        MayFreeze = false,
        MinActive = 0,
        Prepared = 0,
    };

    private int _open;
    private DateTimeOffset _idleSince = _begin;

    public TimeSpan? NextLook { get; private set; }

    public void Observe(TimeSpan now, int inFlight, int waiting)
    {
        var open = inFlight + waiting;
        _ledger.Record(_begin + now, inFlight, waiting, open);
        if (open == 0 && _open > 0)
        {
            _idleSince = _begin + now;
        }

        _open = open;
    }

    public int Decide(TimeSpan now, int present, int ready)
    {
        var decision = AutoScaler.Decide(_policy, _ledger.Read(_begin.AddHours(-1)), InstanceUsage.None, present, ready, ready, _open == 0 ? _idleSince : null, _begin + now);
        NextLook = decision.WakeAt - _begin;
        return decision.Provisioned;
    }
}
