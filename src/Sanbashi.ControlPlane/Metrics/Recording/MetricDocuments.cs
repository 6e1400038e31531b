using System.Globalization;
using System.Text.Json;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Metrics;
using Sanbashi.Domain.Services;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Metrics.Recording;

/// <summary>How the numbers of services lie in the store: one document per service and hour, named by the service.</summary>
public sealed class MetricDocuments(IDocumentStore store)
{
    public const string Kind = "metrics";

    /// <summary>How many hours are forgotten in one transaction.</summary>
    private const int ForgottenAtOnce = 200;

    /// <summary>The hour that a moment lies in.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset moment) => new(moment.UtcDateTime.Date.AddHours(moment.UtcDateTime.Hour), TimeSpan.Zero);

    /// <summary>Null when nothing was recorded in that hour.</summary>
    public async Task<MetricHour?> Find(ResourceScope scope, string serviceId, DateTimeOffset hour, CancellationToken cancellationToken) =>
        await store.Get(Key(scope, serviceId, hour), cancellationToken) is { } document ? Read(document) : null;

    /// <summary>The name that the service had; null when nothing was recorded in that hour.</summary>
    public async Task<string?> NameAt(ResourceScope scope, string serviceId, DateTimeOffset hour, CancellationToken cancellationToken) =>
        (await store.Get(Key(scope, serviceId, hour), cancellationToken))?.Name;

    /// <summary>Adds one minute of several services, in one transaction.</summary>
    public async Task Add(DateTimeOffset minute, IReadOnlyList<(ServiceRecord Service, MetricMinute Minute)> services, CancellationToken cancellationToken)
    {
        var hour = HourOf(minute);
        var writes = new List<DocumentWrite>(services.Count);
        foreach (var (service, seen) in services)
        {
            var stored = await Find(service.Scope, service.Id, hour, cancellationToken) ?? new MetricHour();
            var whole = seen;
            if (stored.Minutes.TryGetValue(minute.Minute, out var before))
            {
                // The rest of a minute that a process before this one has begun to record.
                whole = new MetricMinute();
                whole.Add(before);
                whole.Add(seen);
            }

            stored.Set(minute.Minute, whole);
            writes.Add(new DocumentWrite(Key(service.Scope, service.Id, hour), null, JsonSerializer.Serialize(stored.Pack(), ServiceJson.Default.String), service.Name));
        }

        await store.Commit(writes, cancellationToken);
    }

    /// <summary>Forgets whole hours that ended before the given moment. Documents are made hour by hour, so the oldest come first.</summary>
    public async Task ForgetBefore(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        while (true)
        {
            var oldest = await store.Query(new DocumentQuery(Kind) { Limit = ForgottenAtOnce }, cancellationToken);
            var old = oldest.Where(document => HourOf(document.Key) is not { } hour || hour.AddHours(1) <= moment).ToList();
            if (old.Count > 0)
            {
                await store.Commit([.. old.Select(document => new DocumentWrite(document.Key, null, null))], cancellationToken);
            }

            if (old.Count < ForgottenAtOnce)
            {
                return;
            }
        }
    }

    private static MetricHour? Read(Document document)
    {
        try
        {
            return MetricHour.Unpack(JsonSerializer.Deserialize(document.Body, ServiceJson.Default.String) ?? "");
        }
        catch (FormatException)
        {
            // Of a newer version, before a downgrade: as good as not recorded.
            return null;
        }
    }

    private static DocumentKey Key(ResourceScope scope, string serviceId, DateTimeOffset hour) =>
        new(Kind, scope, $"{serviceId}/{hour.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture)}");

    private static DateTimeOffset? HourOf(DocumentKey key) =>
        DateTimeOffset.TryParseExact(key.Id[(key.Id.LastIndexOf('/') + 1)..], "yyyyMMddHH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var hour) ? hour : null;
}
