using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>When to probe next.</summary>
internal sealed class ProbePace(HealthCheck check, DateTimeOffset startedAt)
{
    /// <summary>A connection attempt to a bridge address costs some 50 microseconds, so the first ones may be this close.</summary>
    private static readonly TimeSpan _first = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan _slowest = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a silent port is asked often; applications that need longer do not notice a few seconds more.</summary>
    private static readonly TimeSpan _hasty = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _portLookAfter = TimeSpan.FromSeconds(2);

    private TimeSpan _interval = _first;
    private DateTimeOffset _nextPortLook = startedAt + _portLookAfter;

    public TimeSpan Next(HealthState state, ProbeResult last, DateTimeOffset now)
    {
        var configured = TimeSpan.FromSeconds(check.IntervalSeconds);
        if (state.Status != HealthStatus.Unproven || last.IsHealthy || now - startedAt > _hasty)
        {
            return configured;
        }

        if (last.Answered)
        {
            // It listens and answers badly: asking it often would only load it while it warms up.
            return Shorter(configured, TimeSpan.FromSeconds(1));
        }

        var interval = _interval;
        _interval = Shorter(_slowest, _interval * 1.3);
        return Shorter(configured, interval);
    }

    public bool ShallLookForOtherPorts(HealthState state, ProbeResult last, DateTimeOffset now)
    {
        if (state.Status != HealthStatus.Unproven || last.Answered || last.IsHealthy || now < _nextPortLook)
        {
            return false;
        }

        _nextPortLook = now + _portLookAfter;
        return true;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
