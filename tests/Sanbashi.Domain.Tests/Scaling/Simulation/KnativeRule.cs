namespace Sanbashi.Domain.Tests.Scaling.Simulation;

/// <summary>
/// Knative Serving's autoscaler for concurrency as its documentation describes it, with its defaults: every 2 s, the average concurrency (waiting requests included) of a
/// stable window of 60 s and of a panic window of 6 s, each for 70 % of what an instance takes; panic from twice the capacity on, for a stable window after the last such
/// moment, in which nothing is taken away; at most 1000 times as many instances up and half as many down in one step. Where the documentation leaves a choice, it is the
/// one in Knative's favour: concurrency is measured without delay and without sampling, the first request to nothing is seen at once, and going to zero takes no grace
/// period. In this order:
/// <list type="number">
/// <item>both averages, over what is known of their windows;</item>
/// <item>the instances that each of them needs, within the rates;</item>
/// <item>into panic, or out of it;</item>
/// <item>in panic the larger of the two, and never less than before in it.</item>
/// </list>
/// </summary>
internal sealed class KnativeRule(int maxConcurrency, int minSize) : IScalingRule
{
    private const int StableWindow = 60;
    private const int PanicWindow = 6;
    private const double PanicThreshold = 2;
    private const double TargetUtilization = 0.7;
    private const double MaxScaleUpRate = 1000;
    private const double MaxScaleDownRate = 2;

    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(2);

    /// <summary>Request-seconds of each of the last seconds.</summary>
    private readonly double[] _seconds = new double[StableWindow];
    private TimeSpan _measured;
    private int _open;
    private int _desired;
    private TimeSpan _next;
    private TimeSpan? _panicSince;
    private int _mostInPanic;

    public TimeSpan? NextLook => _next;

    public void Observe(TimeSpan now, int inFlight, int waiting)
    {
        Measure(now);
        if (_open == 0 && inFlight + waiting > 0 && _desired == 0)
        {
            _next = now;
        }

        _open = inFlight + waiting;
    }

    public int Decide(TimeSpan now, int present, int ready)
    {
        if (now < _next)
        {
            return _desired;
        }

        _next = now + _tick;
        Measure(now);

        // 1
        var (stable, panic) = (Average(now, StableWindow), Average(now, PanicWindow));

        // 2
        var target = TargetUtilization * maxConcurrency;
        var counted = Math.Max(1, ready);
        var (least, most) = (Math.Floor(counted / MaxScaleDownRate), Math.Ceiling(MaxScaleUpRate * counted));
        var (forStable, forPanic) = (Math.Ceiling(stable / target), Math.Ceiling(panic / target));
        var desired = Math.Clamp(forStable, least, most);

        // 3
        if (forPanic / counted >= PanicThreshold)
        {
            _panicSince = now;
        }
        else if (_panicSince + TimeSpan.FromSeconds(StableWindow) < now)
        {
            (_panicSince, _mostInPanic) = (null, 0);
        }

        // 4
        if (_panicSince is not null)
        {
            _mostInPanic = (int)Math.Max(_mostInPanic, Math.Max(desired, Math.Clamp(forPanic, least, most)));
            desired = _mostInPanic;
        }

        _desired = Math.Max((int)desired, _open > 0 ? Math.Max(1, minSize) : minSize);
        return _desired;
    }

    /// <summary>Adds what has been open since the last time to the seconds in which it was.</summary>
    private void Measure(TimeSpan now)
    {
        while (_measured < now)
        {
            var second = (long)Math.Floor(_measured.TotalSeconds);
            var end = TimeSpan.FromSeconds(second + 1) < now ? TimeSpan.FromSeconds(second + 1) : now;
            if (_measured == TimeSpan.FromSeconds(second))
            {
                _seconds[second % StableWindow] = 0;
            }

            _seconds[second % StableWindow] += _open * (end - _measured).TotalSeconds;
            _measured = end;
        }
    }

    private double Average(TimeSpan now, int window)
    {
        var last = (long)Math.Floor(now.TotalSeconds);
        var sum = 0.0;
        for (var second = Math.Max(0, last - window); second < last; second++)
        {
            sum += _seconds[second % StableWindow];
        }

        return last == 0 ? _open : sum / Math.Min(window, last);
    }
}
