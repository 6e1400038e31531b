using System.Collections.Concurrent;
using System.Threading.Channels;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Traffic;

/// <summary>
/// Where the request path leaves what the control plane should hear, and the link picks it up. Nothing is lost when it is full or nobody reads:
/// a link that (re)connects looks at the instances and queues themselves.
/// </summary>
internal sealed class SignalBoard : ITrafficSignals
{
    /// <summary>Ejections waiting to be sent; as many as instances can reasonably break at once.</summary>
    private const int MaxEjections = 10_000;

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
        AllowSynchronousContinuations = false,
    });

    private readonly ConcurrentQueue<InstanceEjected> _ejections = new();
    private readonly ConcurrentDictionary<RoutedService, bool> _wishes = new();
    private int _idle;

    public void CapacityWanted(RoutedService service)
    {
        if (_wishes.TryAdd(service, true))
        {
            Wake();
        }
    }

    public void Ejected(Instance instance, string reason)
    {
        if (_ejections.Count < MaxEjections)
        {
            _ejections.Enqueue(new InstanceEjected(instance.Service.Id, instance.Id, reason));
        }

        Wake();
    }

    public void BecameIdle(Instance instance)
    {
        Volatile.Write(ref _idle, 1);
        Wake();
    }

    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Completes when something was left here since the last call.</summary>
    public async ValueTask WaitForSignal(CancellationToken cancellationToken) => await _wake.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Whether an instance that takes no new requests became idle since the last call.</summary>
    public bool TakeIdle() => Interlocked.Exchange(ref _idle, 0) == 1;

    public bool TryTakeEjection(out InstanceEjected ejection) => _ejections.TryDequeue(out ejection!);

    /// <summary>Services that wanted capacity since the last call.</summary>
    public List<RoutedService> TakeWishes()
    {
        List<RoutedService> taken = [];
        foreach (var (service, _) in _wishes)
        {
            if (_wishes.TryRemove(service, out _))
            {
                taken.Add(service);
            }
        }

        return taken;
    }
}
