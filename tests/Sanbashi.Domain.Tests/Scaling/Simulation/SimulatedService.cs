namespace Sanbashi.Domain.Tests.Scaling.Simulation;

/// <summary>
/// One service in virtual time: requests wait first come first served for an instance with room and go to the one with the fewest; instances take requests a fixed time
/// after they were begun, and when they are not wanted finish what they have. An instance counts from its beginning to its end.
/// </summary>
internal sealed class SimulatedService(LoadShape shape, IScalingRule rule, int maxConcurrency, int maxSize, TimeSpan startDelay)
{
    private enum Happening
    {
        Arrival,
        IdealEnd,
        End,
        Ready,
        Look,
    }

    private readonly PriorityQueue<(Happening What, int Request, SimulatedInstance? Instance), (TimeSpan At, long Order)> _future = new();
    private readonly List<SimulatedInstance> _instances = [];
    private readonly Queue<int> _waiting = new();
    private long _order;
    private TimeSpan _now;
    private TimeSpan? _look;
    private int _inFlight;
    private int _ideal;
    private double _excess;
    private double _needed;
    private double _waited;
    private double _longest;
    private int _starts;
    private int _lost;

    public SimulationResult Run()
    {
        for (var i = 0; i < shape.MinSize; i++)
        {
            _instances.Add(new SimulatedInstance { IsReady = true });
        }

        for (var i = 0; i < shape.Requests.Count; i++)
        {
            Plan(shape.Requests[i].Arrival, Happening.Arrival, i);
            Plan(shape.Requests[i].Arrival + shape.Requests[i].Work, Happening.IdealEnd, i);
        }

        Plan(TimeSpan.Zero, Happening.Look);
        while (_future.TryDequeue(out var happening, out var when) && (when.At <= shape.Length || _inFlight + _waiting.Count > 0))
        {
            Account(when.At);
            _now = when.At;
            Happen(happening.What, happening.Request, happening.Instance);
        }

        return new SimulationResult(_excess, _needed, _waited, _longest, _starts, _lost);
    }

    private void Happen(Happening what, int request, SimulatedInstance? instance)
    {
        switch (what)
        {
            case Happening.Arrival:
                _ideal++;
                _waiting.Enqueue(request);
                break;
            case Happening.IdealEnd:
                _ideal--;
                return;
            case Happening.End:
                _inFlight--;
                instance!.InFlight--;
                _lost += instance.IsGone ? 1 : 0;
                RemoveIfDrained(instance);
                break;
            case Happening.Ready:
                instance!.IsReady = true;
                break;
        }

        Admit();
        rule.Observe(_now, _inFlight, _waiting.Count);
        Scale();
    }

    private void Admit()
    {
        while (_waiting.Count > 0 && Roomiest() is { } instance)
        {
            var request = _waiting.Dequeue();
            instance.InFlight++;
            _inFlight++;
            if (_now >= shape.CountedFrom)
            {
                var wait = (_now - shape.Requests[request].Arrival).TotalSeconds;
                _waited += wait;
                _longest = Math.Max(_longest, wait);
            }

            Plan(_now + shape.Requests[request].Work, Happening.End, request, instance);
        }
    }

    private SimulatedInstance? Roomiest()
    {
        SimulatedInstance? best = null;
        foreach (var instance in _instances)
        {
            if (instance is { IsReady: true, IsDraining: false } && instance.InFlight < maxConcurrency && (best is null || instance.InFlight < best.InFlight))
            {
                best = instance;
            }
        }

        return best;
    }

    private void Scale()
    {
        var (present, ready) = (0, 0);
        foreach (var instance in _instances)
        {
            present += instance.IsDraining ? 0 : 1;
            ready += instance is { IsReady: true, IsDraining: false } ? 1 : 0;
        }

        var wanted = Math.Min(maxSize, rule.Decide(_now, present, ready));
        for (var i = present; i < wanted; i++)
        {
            var instance = new SimulatedInstance();
            _instances.Add(instance);
            _starts++;
            Plan(_now + startDelay, Happening.Ready, instance: instance);
        }

        if (present > wanted)
        {
            Drain(wanted);
        }

        if (rule.NextLook is { } look && look > _now && (_look is null || _look <= _now || look < _look))
        {
            _look = look;
            Plan(look, Happening.Look);
        }
    }

    /// <summary>Those that are not ready go first, then those with the fewest requests.</summary>
    private void Drain(int wanted)
    {
        var surplus = _instances.Where(instance => !instance.IsDraining).OrderByDescending(instance => instance.IsReady).ThenByDescending(instance => instance.InFlight).Skip(wanted);
        foreach (var instance in surplus.ToList())
        {
            instance.IsDraining = true;
            RemoveIfDrained(instance);
        }
    }

    private void RemoveIfDrained(SimulatedInstance instance)
    {
        if (instance is { IsDraining: true, InFlight: 0 })
        {
            instance.IsGone = true;
            _instances.Remove(instance);
        }
    }

    private void Account(TimeSpan until)
    {
        var from = _now > shape.CountedFrom ? _now : shape.CountedFrom;
        var to = until < shape.Length ? until : shape.Length;
        if (to <= from)
        {
            return;
        }

        var seconds = (to - from).TotalSeconds;
        var need = Math.Max(shape.MinSize, (_ideal + maxConcurrency - 1) / maxConcurrency);
        _needed += need * seconds;
        _excess += Math.Max(0, _instances.Count - need) * seconds;
    }

    private void Plan(TimeSpan at, Happening what, int request = -1, SimulatedInstance? instance = null) => _future.Enqueue((what, request, instance), (at, _order++));
}
