using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Admission;

/// <summary>
/// Requests of one service that wait for capacity, first come first served, at most <see cref="RouteLimits.QueueLength"/> of them.
/// A request leaves with an instance, when its time is over, when the service cannot serve any more, or when its client goes.
/// </summary>
internal sealed class AdmissionQueue(RoutedService service, TimeProvider timeProvider)
{
    private readonly Lock _queueing = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private int _waiting;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>An instance at once where one has room and nobody waits, else a place in the queue.</summary>
    public ValueTask<AdmissionResult> Admit(Exchange exchange)
    {
        if (Waiting == 0 && service.TryPick(exchange) is { } instance)
        {
            return new ValueTask<AdmissionResult>(new AdmissionResult(AdmissionOutcome.Admitted, instance));
        }

        return WaitForCapacity(exchange);
    }

    /// <summary>Gives room that has come free to those who wait longest.</summary>
    public void Dispatch()
    {
        while (Waiting > 0)
        {
            Waiter waiter;
            Instance? instance;
            lock (_queueing)
            {
                if (_waiters.First is not { } first || (instance = service.TryPick(first.Value.Exchange)) is null)
                {
                    return;
                }

                waiter = first.Value;
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

        var waiter = new Waiter(exchange);
        lock (_queueing)
        {
            if (_waiters.Count >= view.Limits.QueueLength)
            {
                return new AdmissionResult(AdmissionOutcome.QueueFull);
            }

            waiter.Place = _waiters.AddLast(waiter);
            Volatile.Write(ref _waiting, _waiters.Count);
        }

        service.NoteHighest(service.InFlight + Waiting);

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
        if (outcome == AdmissionOutcome.QueueTimeout && service.View.Instances.Length == 0)
        {
            outcome = AdmissionOutcome.Unavailable;
        }

        waiter.Settle(new AdmissionResult(outcome));
    }

    private Waiter? TakeFirst()
    {
        lock (_queueing)
        {
            if (_waiters.First is not { } first)
            {
                return null;
            }

            Remove(first.Value);
            return first.Value;
        }
    }

    private void Remove(Waiter waiter)
    {
        _waiters.Remove(waiter.Place!);
        waiter.Place = null;
        Volatile.Write(ref _waiting, _waiters.Count);
    }

    private static AdmissionOutcome Hopeless(ServiceView view) =>
        view.Route.Availability == RouteAvailability.Paused ? AdmissionOutcome.Paused : AdmissionOutcome.Unavailable;

    private sealed class Waiter(Exchange exchange)
    {
        // Continuations run elsewhere: whoever frees capacity must not carry the next request on its back.
        private readonly TaskCompletionSource<AdmissionResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exchange Exchange { get; } = exchange;

        /// <summary>Place in the queue; null once it has been left, whatever the reason. Guarded by the queue's lock.</summary>
        public LinkedListNode<Waiter>? Place { get; set; }

        public Task<AdmissionResult> Result => _result.Task;

        public void Settle(AdmissionResult result) => _result.SetResult(result);
    }
}
