using System.Diagnostics;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Gateways;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Metrics;

/// <summary>Everything that a scrape answers: services and their traffic and instances, the platform's own instruments, its process.</summary>
internal sealed class PlatformMetrics(
    ServiceDocuments documents, IInstanceDirectory instances, IGatewayReports gateways, InstrumentTotals instruments, ControlPlaneOptions options)
{
    private static readonly string[] _statusClasses = ["1xx", "2xx", "3xx", "4xx", "5xx"];

    public async Task<string> Write(CancellationToken cancellationToken)
    {
        var services = (await documents.ListServices(null, cancellationToken))
            .Select(stored => stored.Record)
            .Where(service => service.Status != ServiceStatus.Deleted)
            .ToList();
        var text = new PrometheusText();
        text.Family("sanbashi_build_info", "gauge", "The version that runs; always 1.").Sample(PrometheusLabels.Of(("version", options.Version)), 1);
        text.Family("sanbashi_gateways", "gauge", "Gateways that are connected.").Sample(PrometheusLabels.None, gateways.GatewayCount);
        WriteServices(text, services);
        WriteInstances(text, services);
        WriteTraffic(text, services);
        instruments.Write(text);
        WriteProcess(text);
        return text.ToString();
    }

    private static void WriteServices(PrometheusText text, List<ServiceRecord> services)
    {
        var family = text.Family("sanbashi_services", "gauge", "Services by status.");
        foreach (var status in Enum.GetValues<ServiceStatus>().Where(status => status != ServiceStatus.Deleted))
        {
            family.Sample(PrometheusLabels.Of(("status", ApiOutput.UpperSnake(status))), services.Count(service => service.Status == status));
        }
    }

    private void WriteInstances(PrometheusText text, List<ServiceRecord> services)
    {
        var family = text.Family("sanbashi_instances", "gauge", "Instances by service and state.");
        foreach (var service in services)
        {
            var counts = instances.Seen(service.Id).CountBy(instance => instance.Phase).ToDictionary();
            foreach (var phase in Enum.GetValues<InstancePhase>())
            {
                family.Sample(Labels(service).With("state", ApiOutput.UpperSnake(phase)), counts.GetValueOrDefault(phase));
            }
        }
    }

    private void WriteTraffic(PrometheusText text, List<ServiceRecord> services)
    {
        var totals = gateways.Totals().ToDictionary(total => total.ServiceId, StringComparer.Ordinal);
        var traffic = services.Where(service => totals.ContainsKey(service.Id)).Select(service => (Labels: Labels(service), Totals: totals[service.Id])).ToList();

        var requests = text.Family("sanbashi_requests_total", "counter", "Finished requests by service and status class.");
        foreach (var (labels, total) in traffic)
        {
            foreach (var (status, count) in _statusClasses.Zip(total.StatusCounts))
            {
                requests.Sample(labels.With("class", status), count);
            }
        }

        var durations = text.Family("sanbashi_request_duration_seconds", "histogram", "Time from the first byte of a request to the last byte of its answer.");
        foreach (var (labels, total) in traffic)
        {
            durations.Histogram(labels, LatencyBounds.Seconds, total.LatencyBuckets, total.LatencySumSeconds);
        }

        var inFlight = text.Family("sanbashi_requests_in_flight", "gauge", "Requests on instances now.");
        foreach (var (labels, total) in traffic)
        {
            inFlight.Sample(labels, total.InFlight);
        }

        var waiting = text.Family("sanbashi_requests_waiting", "gauge", "Requests that wait for capacity now.");
        foreach (var (labels, total) in traffic)
        {
            waiting.Sample(labels, total.Waiting);
        }
    }

    private static void WriteProcess(PrometheusText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Family("process_cpu_seconds_total", "counter", "Processor time of the control plane.").Sample(PrometheusLabels.None, Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Family("process_resident_memory_bytes", "gauge", "Resident memory of the control plane.").Sample(PrometheusLabels.None, process.WorkingSet64);
        text.Family("process_start_time_seconds", "gauge", "When the control plane started, in seconds since the epoch.")
            .Sample(PrometheusLabels.None, new DateTimeOffset(process.StartTime.ToUniversalTime(), TimeSpan.Zero).ToUnixTimeMilliseconds() / 1000.0);
        text.Family("process_threads", "gauge", "Threads of the control plane.").Sample(PrometheusLabels.None, process.Threads.Count);
        text.Family("dotnet_gc_heap_bytes", "gauge", "Managed heap of the control plane.").Sample(PrometheusLabels.None, GC.GetTotalMemory(forceFullCollection: false));
    }

    private static PrometheusLabels Labels(ServiceRecord service) => PrometheusLabels.Of(("service", service.Name), ("region", service.Scope.Region));
}
