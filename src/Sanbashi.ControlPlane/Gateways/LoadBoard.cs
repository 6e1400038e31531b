using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;

namespace Sanbashi.ControlPlane.Gateways;

/// <summary>The load of every service and canary as the gateways report it. Guarded by the hub's lock.</summary>
internal sealed class LoadBoard(TimeProvider timeProvider)
{
    /// <summary>Levels within this time count as one: a load that goes up and down each second is not news each second.</summary>
    private static readonly TimeSpan _recently = TimeSpan.FromSeconds(5);

    private readonly Dictionary<LoadKey, DemandLedger> _ledgers = [];
    private readonly Dictionary<LoadKey, int> _lastRead = [];

    /// <summary>Services about which somebody wanted to know while it was not known.</summary>
    private readonly HashSet<string> _askedInVain = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _lastUsed = new(StringComparer.Ordinal);

    /// <summary>Since when a service's load is shared between its revisions as it is now; the load from before says nothing of what each of them needs.</summary>
    private readonly Dictionary<string, DateTimeOffset> _sharedSince = new(StringComparer.Ordinal);
    private DateTimeOffset _uninterruptedSince = timeProvider.GetUtcNow();
    private DateTimeOffset _sweptAt = timeProvider.GetUtcNow();

    /// <summary>A gateway came or went: what went through it meanwhile, nobody has counted.</summary>
    public void Interrupt() => _uninterruptedSince = timeProvider.GetUtcNow();

    /// <summary>True when the load is higher than at any time in the last seconds, or lower than whoever decides by it has last seen.</summary>
    public bool Record(LoadKey key, int inFlight, int waiting, int highest)
    {
        if (!_ledgers.TryGetValue(key, out var ledger))
        {
            if (highest == 0)
            {
                return false;
            }

            _ledgers[key] = ledger = new DemandLedger();
        }

        var now = timeProvider.GetUtcNow();
        var before = ledger.Read(null).PeakSince(now - _recently);
        ledger.Record(now, inFlight, waiting, highest);
        return highest > before || inFlight + waiting < _lastRead.GetValueOrDefault(key);
    }

    public void NoteUse(IReadOnlyList<InstanceTraffic> instances)
    {
        var now = timeProvider.GetUtcNow();
        foreach (var instance in instances)
        {
            _lastUsed[instance.InstanceId] = now;
        }

        // Instances come and go; what was not used for as long as decisions look back may as well be forgotten.
        if (now - _sweptAt > DemandLedger.Memory)
        {
            _sweptAt = now;
            foreach (var id in _lastUsed.Where(entry => now - entry.Value > DemandLedger.Memory).Select(entry => entry.Key).ToList())
            {
                _lastUsed.Remove(id);
            }
        }
    }

    public ServiceDemand Read(LoadKey key, bool isKnown)
    {
        DateTimeOffset? since = !isKnown ? null : _sharedSince.TryGetValue(key.ServiceId, out var shared) && shared > _uninterruptedSince ? shared : _uninterruptedSince;
        if (!isKnown)
        {
            _askedInVain.Add(key.ServiceId);
        }

        if (!_ledgers.TryGetValue(key, out var ledger))
        {
            return new ServiceDemand { KnownSince = since };
        }

        var demand = ledger.Read(since);
        _lastRead[key] = demand.Open;
        return demand;
    }

    /// <summary>Services that were asked about while nothing was known: now something is.</summary>
    public IReadOnlyList<string> TakeAskedInVain()
    {
        if (_askedInVain.Count == 0)
        {
            return [];
        }

        string[] services = [.. _askedInVain];
        _askedInVain.Clear();
        return services;
    }

    public DateTimeOffset? LastUsed(string instanceId) => _lastUsed.TryGetValue(instanceId, out var at) ? at : null;

    public void Forget(string serviceId)
    {
        Forget(new LoadKey(serviceId));
        Forget(new LoadKey(serviceId, IsCanary: true));
        _askedInVain.Remove(serviceId);
        _sharedSince.Remove(serviceId);
    }

    /// <summary>What the gateways are told of the service: when it shares the load otherwise than before, each side's history begins anew.</summary>
    public void Follow(ServiceRoute? before, ServiceRoute after)
    {
        var (was, now) = (before?.Canary, after.Canary);
        if (was?.Revision == now?.Revision && was?.Percent == now?.Percent)
        {
            return;
        }

        _sharedSince[after.ServiceId] = timeProvider.GetUtcNow();
        if (was?.Revision != now?.Revision)
        {
            Forget(new LoadKey(after.ServiceId, IsCanary: true));
        }
    }

    private void Forget(LoadKey key)
    {
        _ledgers.Remove(key);
        _lastRead.Remove(key);
    }
}
