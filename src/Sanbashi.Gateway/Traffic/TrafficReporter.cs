using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Traffic;

/// <summary>Reads the counters into reports. Used by the link's one sender only.</summary>
internal sealed class TrafficReporter(RoutingState routing)
{
    private long _lastFingerprint = -1;

    public TrafficReport Report()
    {
        // Taken first: what changes meanwhile makes the next one differ.
        _lastFingerprint = Fingerprint();
        var instances = new List<InstanceTraffic>();
        var services = new List<ServiceTraffic>();
        foreach (var service in routing.Services())
        {
            var total = 0;
            foreach (var instance in service.Instances())
            {
                // Read after the mark is taken: a request that comes in between is at least counted.
                var wasUsed = instance.TakeUsed();
                var inFlight = instance.InFlight;
                total += inFlight;
                if (inFlight > 0 || wasUsed)
                {
                    instances.Add(new InstanceTraffic(instance.Id, inFlight));
                }
            }

            var (serving, canary) = service.Load(takesHighest: true);
            var traffic = service.Counters.Read(service.Id, total, service.Queue.Waiting, serving.Highest + (canary?.Highest ?? 0));
            services.Add(service.HasLoadOfItsOwn ? traffic with { Serving = serving, Canary = canary } : traffic);
        }

        return new TrafficReport(instances, services);
    }

    /// <summary>A new report if anything moved since the last one.</summary>
    public TrafficReport? ReportIfChanged() => Fingerprint() == _lastFingerprint ? null : Report();

    private long Fingerprint()
    {
        long fingerprint = 0;
        foreach (var service in routing.Services())
        {
            fingerprint = (fingerprint * 1_000_003) + HashCode.Combine(service.Id, service.Counters.Total, service.InFlight, service.Queue.Waiting);
        }

        return fingerprint;
    }
}
