using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Traffic;

/// <summary>Reads the counters into reports. Used by the link's one sender only.</summary>
internal sealed class TrafficReporter(RoutingState routing)
{
    private long _lastSum = -1;

    public TrafficReport Report()
    {
        var instances = new List<InstanceTraffic>();
        var services = new List<ServiceTraffic>();
        long sum = 0;
        foreach (var service in routing.Services())
        {
            var total = 0;
            foreach (var instance in service.Instances())
            {
                var inFlight = instance.InFlight;
                total += inFlight;
                if (inFlight > 0)
                {
                    instances.Add(new InstanceTraffic(instance.Id, inFlight));
                    sum = Mix(sum, instance.Id, inFlight);
                }
            }

            var traffic = service.Counters.Read(service.Id, total, service.Queue.Waiting);
            services.Add(traffic);
            sum = Mix(sum, service.Id, traffic.StatusCounts.Sum() + ((long)traffic.Waiting << 40));
        }

        _lastSum = sum;
        return new TrafficReport(instances, services);
    }

    /// <summary>A new report if it differs from the last one.</summary>
    public TrafficReport? ReportIfChanged()
    {
        var before = _lastSum;
        var report = Report();
        return _lastSum == before ? null : report;
    }

    private static long Mix(long sum, string id, long value) => (sum * 1_000_003) + HashCode.Combine(id, value);
}
