using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Admission;

/// <summary>
/// Requests of one service that wait for capacity, at most <see cref="RouteLimits.QueueLength"/> of them, in lanes: those for the canary wait apart from those
/// for the serving revision, and streams, where they are limited apart, from requests. First come first served in each lane, and the lanes in the order of
/// their first. A request leaves with an instance, when its time is over, when the service cannot serve any more, or when its client goes.
/// </summary>
internal sealed class AdmissionQueue(RoutedService service, TimeProvider timeProvider)
{
    private const int Canary = 1;
    private const int Stream = 2;

    private readonly Lock _queueing = new();

    /// <summary>By <see cref="LaneOf"/>; made when somebody waits for the first time, which most services never see.</summary>
    private LinkedList<Waiter>[] _lanes = [];
    private int _waiting;
    private long _lastNumber;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>An instance at once where one has room and nobody waits for the same, else a place in the queue.</summary>
    public ValueTask<AdmissionResult> Admit(Exchange exchange)
    {
        if ((Waiting == 0 || IsFree(exchange)) && service.TryPick(exchange) is { } instance)
        {
            return new ValueTask<AdmissionResult>(new AdmissionResult(AdmissionOutcome.Admitted, instance));
        }

        return WaitForCapacity(exchange);
    }

    /// <summary>Requests and streams that wait for the serving revision or for the canary. Without a canary, all wait for the serving revision.</summary>
    public (int Requests, int Streams) WaitingFor(ServiceView view, bool isCanary)
    {
        if (Waiting == 0)
        {
            return (0, 0);
        }

        lock (_queueing)
        {
            if (view.Canary is null)
            {
                return (_lanes[0].Count + _lanes[Canary].Count, _lanes[Stream].Count + _lanes[Stream | Canary].Count);
            }

            var lane = isCanary ? Canary : 0;
            return (_lanes[lane].Count, _lanes[Stream | lane].Count);
        }
    }

    /// <summary>Gives room that has come free to those who wait longest.</summary>
    public void Dispatch()
    {
        while (Waiting > 0)
        {
            Waiter waiter;
            Instance instance;
            lock (_queueing)
            {
                if (FirstWithRoom() is not { } first)
                {
                    return;
                }

                (waiter, instance) = first;
                Remove(waiter);
            }

            waiter.Settle(new AdmissionResult(AdmissionOutcome.Admitted, instance));
        }
    }

    /// <summary>After a route change: those who wait for what can no longer come are answered now.</summary>
    public void TurnAwayIfHopeless()
    {
        var view = service.View;
        if (view.MayWait)
        {
            return;
        }

        TurnAway(Hopeless(view));
    }

    /// <summary>Answers everyone who waits; the gateway stops.</summary>
    public void TurnAway() => TurnAway(AdmissionOutcome.Unavailable);

    private void TurnAway(AdmissionOutcome outcome)
    {
        while (TakeFirst() is { } waiter)
        {
            waiter.Settle(new AdmissionResult(outcome));
        }
    }

    private async ValueTask<AdmissionResult> WaitForCapacity(Exchange exchange)
    {
        var view = service.View;
        if (!view.MayWait)
        {
            return new AdmissionResult(Hopeless(view));
        }

        service.Place(exchange, view);
        var waiter = new Waiter(exchange);
        lock (_queueing)
        {
            if (_waiting >= view.Limits.QueueLength)
            {
                return new AdmissionResult(AdmissionOutcome.QueueFull);
            }

            if (_lanes.Length == 0)
            {
                _lanes = [[], [], [], []];
            }

            waiter.Number = ++_lastNumber;
            waiter.Place = _lanes[LaneOf(exchange, view)].AddLast(waiter);
            Volatile.Write(ref _waiting, _waiting + 1);
        }

        service.NoteLevel(view, view.GoesToCanary(exchange));

        // Room that came free, or a route that changed, before this waiter was in the list has not seen it.
        Interlocked.MemoryBarrier();
        Dispatch();
        TurnAwayIfHopeless();
        if (!waiter.Result.IsCompleted)
        {
            service.WantCapacity();
        }

        await using var timer = timeProvider.CreateTimer(state => Leave((Waiter)state!, AdmissionOutcome.QueueTimeout), waiter, view.QueueTimeout, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        await using var registration = exchange.Context.RequestAborted.UnsafeRegister(state => Leave((Waiter)state!, AdmissionOutcome.ClientGone), waiter).ConfigureAwait(false);
        return await waiter.Result.ConfigureAwait(false);
    }

    private void Leave(Waiter waiter, AdmissionOutcome outcome)
    {
        lock (_queueing)
        {
            if (waiter.Place is null)
            {
                return;
            }

            Remove(waiter);
        }

        // Time is over: too many requests where instances take some, no healthy instance where all of them are ejected.
        if (outcome == AdmissionOutcome.QueueTimeout && service.View.InstanceCount == 0)
        {
            outcome = AdmissionOutcome.Unavailable;
        }

        waiter.Settle(new AdmissionResult(outcome));
    }

    private Waiter? TakeFirst()
    {
        lock (_queueing)
        {
            foreach (var lane in _lanes)
            {
                if (lane.First is { } first)
                {
                    Remove(first.Value);
                    return first.Value;
                }
            }

            return null;
        }
    }

    /// <summary>Of the first of each lane for whom there is room, the one who came first. Called with the lock held.</summary>
    private (Waiter Waiter, Instance Instance)? FirstWithRoom()
    {
        var tried = 0L;
        while (FirstAfter(tried) is { } waiter)
        {
            if (service.TryPick(waiter.Exchange) is { } instance)
            {
                return (waiter, instance);
            }

            tried = waiter.Number;
        }

        return null;
    }

    private Waiter? FirstAfter(long number)
    {
        Waiter? earliest = null;
        foreach (var lane in _lanes)
        {
            if (lane.First is { Value: var first } && first.Number > number && (earliest is null || first.Number < earliest.Number))
            {
                earliest = first;
            }
        }

        return earliest;
    }

    private void Remove(Waiter waiter)
    {
        waiter.Place!.List!.Remove(waiter.Place);
        waiter.Place = null;
        Volatile.Write(ref _waiting, _waiting - 1);
    }

    /// <summary>Whether nobody waits in the lane that the exchange would wait in.</summary>
    private bool IsFree(Exchange exchange)
    {
        var view = service.View;
        service.Place(exchange, view);
        lock (_queueing)
        {
            return _lanes[LaneOf(exchange, view)].Count == 0;
        }
    }

    private static int LaneOf(Exchange exchange, ServiceView view) => (view.GoesToCanary(exchange) ? Canary : 0) | (exchange.IsStream ? Stream : 0);

    private static AdmissionOutcome Hopeless(ServiceView view) =>
        view.Route.Availability == RouteAvailability.Paused ? AdmissionOutcome.Paused : AdmissionOutcome.Unavailable;

    private sealed class Waiter(Exchange exchange)
    {
        // Continuations run elsewhere: whoever frees capacity must not carry the next request on its back.
        private readonly TaskCompletionSource<AdmissionResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exchange Exchange { get; } = exchange;

        /// <summary>Grows in the order of arrival.</summary>
        public long Number { get; set; }

        /// <summary>Place in the queue; null once it has been left, whatever the reason. Guarded by the queue's lock.</summary>
        public LinkedListNode<Waiter>? Place { get; set; }

        public Task<AdmissionResult> Result => _result.Task;

        public void Settle(AdmissionResult result) => _result.SetResult(result);
    }
}
