using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Metrics;

namespace Sanbashi.ControlPlane.Metrics.CloudWatch;

/// <summary>Reads recorded minutes for one call: each hour of a service once, however many metrics are asked for.</summary>
internal sealed class MetricReader(ServiceDocuments documents, MetricDocuments metrics, TimeProvider time, ResourceScope scope)
{
    private readonly Dictionary<(string Service, DateTimeOffset Hour), MetricHour?> _hours = [];
    private readonly Dictionary<string, string?> _names = new(StringComparer.Ordinal);

    /// <summary>Minutes that begin at or after the start and before the end, ascending; none when there is no such metric or service.</summary>
    public async Task<IReadOnlyList<(DateTimeOffset At, MetricMinute Minute)>> Read(MetricQuestion question, DateTimeOffset start, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var oldest = now - MetricDefaults.Retention;
        var (from, to) = (start > oldest ? start : oldest, end < now ? end : now);
        var minutes = new List<(DateTimeOffset, MetricMinute)>();
        if (question.Definition is null || question.Service is not { } service || from >= to)
        {
            return minutes;
        }

        for (var hour = MetricDocuments.HourOf(from); hour < to; hour = hour.AddHours(1))
        {
            if (await Hour(service.Id, service.Name, hour, cancellationToken) is { } recorded)
            {
                minutes.AddRange(recorded.Minutes.Select(minute => (hour.AddMinutes(minute.Key), minute.Value)).Where(minute => minute.Item1 >= from && minute.Item1 < to));
            }
        }

        return minutes;
    }

    private async Task<MetricHour?> Hour(string serviceId, string name, DateTimeOffset hour, CancellationToken cancellationToken)
    {
        if (!_hours.TryGetValue((serviceId, hour), out var recorded))
        {
            _hours[(serviceId, hour)] = recorded = await metrics.Find(scope, serviceId, hour, cancellationToken);
        }

        return recorded is not null && name == await NameOf(serviceId, hour, cancellationToken) ? recorded : null;
    }

    /// <summary>A service that is gone is still known by what was recorded of it.</summary>
    private async Task<string?> NameOf(string serviceId, DateTimeOffset hour, CancellationToken cancellationToken)
    {
        if (!_names.TryGetValue(serviceId, out var name))
        {
            name = (await documents.FindService(scope, serviceId, cancellationToken))?.Record.Name ?? await metrics.NameAt(scope, serviceId, hour, cancellationToken);
            _names[serviceId] = name;
        }

        return name;
    }
}
