using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Extensions;

/// <summary>GetLiveMetrics: what goes on in one service, or in all of the region, in these seconds.</summary>
internal sealed class LiveMetricsQueries(ServiceDocuments documents, ServiceLookup lookup, IInstanceDirectory instances, LiveTraffic traffic, ResourceBoard resources, TimeProvider time)
{
    public async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken)
    {
        IEnumerable<ServiceRecord> services = call.Input.Text("ServiceArn") is null
            ? (await documents.ListServices(call.Scope(), cancellationToken)).Select(stored => stored.Record).Where(service => service.Status != ServiceStatus.Deleted)
            : [(await lookup.Find(call, cancellationToken)).Record];
        return new JsonObject
        {
            ["Timestamp"] = ApiOutput.Timestamp(time.GetUtcNow()),
            ["Services"] = ApiOutput.List(services.Select(Describe)),
        };
    }

    private JsonObject Describe(ServiceRecord service)
    {
        var live = traffic.Read(service.Id);
        var seen = instances.Seen(service.Id);
        var samples = seen.Select(instance => resources.Of(instance.Id)).OfType<ResourceSample>().ToList();
        var active = seen.Count(instance => instance.Phase == InstancePhase.Running);
        var frozen = seen.Count(instance => instance.Phase == InstancePhase.Frozen);
        var measured = samples.Where(sample => sample.CpuCores is not null).ToList();
        return new JsonObject
        {
            ["ServiceName"] = service.Name,
            ["ServiceId"] = service.Id,
            ["ServiceArn"] = service.Arn,
            ["Status"] = ApiOutput.UpperSnake(service.Status),
            ["WindowSeconds"] = live.Seconds,
            ["RequestsPerSecond"] = live.Rate(live.Recent.Requests),
            ["ClientErrorsPerSecond"] = live.Rate(live.Recent.Statuses[3]),
            ["ServerErrorsPerSecond"] = live.Rate(live.Recent.Statuses[4]),
            ["RefusedPerSecond"] = live.Rate(live.Recent.Refused),
            ["ColdStarts"] = live.Recent.ColdStarts,
            ["LatencyP50"] = Milliseconds(live, 0.5),
            ["LatencyP95"] = Milliseconds(live, 0.95),
            ["LatencyP99"] = Milliseconds(live, 0.99),
            ["InFlight"] = live.Level.InFlight,
            ["Waiting"] = live.Level.Waiting,
            ["ActiveInstances"] = active,
            ["FrozenInstances"] = frozen,
            ["OtherInstances"] = seen.Count - active - frozen,
            ["CpuCores"] = measured.Count > 0 ? measured.Sum(sample => sample.CpuCores!.Value) : null,
            ["CpuPercent"] = measured.Count > 0 ? measured.Average(sample => sample.CpuFraction!.Value) * 100 : null,
            ["MemoryBytes"] = samples.Count > 0 ? samples.Sum(sample => sample.MemoryBytes) : null,
            ["MemoryPercent"] = samples.Count > 0 ? samples.Average(sample => sample.MemoryFraction) * 100 : null,
            ["RequestHistory"] = ApiOutput.List(live.History.Select(count => (JsonNode)count)),
        };
    }

    private static double? Milliseconds(LiveView live, double part) => live.Recent.Latency.Quantile(part) * 1000;
}
