using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Services;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Metrics.Recording;

/// <summary>
/// Records what services do, minute by minute.
/// <list type="number">
/// <item>Each second: what went through the gateways, and what is open.</item>
/// <item>Each ten seconds: instances, and what they use.</item>
/// <item>When a minute is over, it is added to the store, for all services in one transaction; a store that cannot be written gets it later.</item>
/// <item>When an hour is over, hours that are too old are forgotten.</item>
/// </list>
/// A process that is killed loses the minute that it was recording, and nobody records until the next one is there: such minutes are missing, not zero.
/// </summary>
public sealed class MetricsRecorder(
    IGatewayReports gateways,
    IInstanceDirectory instances,
    ResourceBoard resources,
    ServiceDocuments documents,
    MetricDocuments metrics,
    LiveTraffic live,
    TimeProvider time,
    ILogger<MetricsRecorder> logger)
{
    private readonly Queue<MinuteBook> _unwritten = new();
    private IReadOnlyList<ServiceRecord> _services = [];
    private MinuteBook? _book;
    private DateTimeOffset _instancesAt = DateTimeOffset.MinValue;
    private DateTimeOffset _sweptAt = DateTimeOffset.MinValue;
    private bool _isFailing;

    /// <summary>Runs until cancelled, and then writes what it has.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(MetricDefaults.Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await Look(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (LeaseLostException)
        {
            // Another control plane records now; whoever waits for the lease ends this process.
        }
    }

    /// <summary>The minute so far, for the store to keep: this process is about to end.</summary>
    public async Task WriteRest(CancellationToken cancellationToken)
    {
        if (_book is not { } book)
        {
            return;
        }

        _book = null;
        Add(book);
        try
        {
            await ReadServices(cancellationToken);
            await Write(cancellationToken);
        }
        catch (Exception failure) when (failure is OperationCanceledException or LeaseLostException)
        {
            MetricsLog.NotWritten(logger, failure.Message, MetricDefaults.UnwrittenMinutes);
        }
    }

    /// <summary>One look.</summary>
    public async Task Look(CancellationToken cancellationToken)
    {
        // 1.
        var now = time.GetUtcNow();
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        var (flows, levels) = (gateways.TakeFlows(), gateways.Levels());
        live.Add(flows, levels);
        var ended = _book is { } current && current.Minute != minute ? current : null;
        if (_book is null || ended is not null)
        {
            await ReadServices(cancellationToken);
            _book = new MinuteBook(minute);
        }

        // What finished in the last second of a minute is told in the first of the next one.
        (ended ?? _book).Add(flows, levels);

        // 2.
        if (now - _instancesAt >= MetricDefaults.InstanceInterval || now < _instancesAt)
        {
            _instancesAt = now;
            foreach (var service in _services)
            {
                var seen = instances.Seen(service.Id);
                if (seen.Count > 0 || service.Status is ServiceStatus.Running or ServiceStatus.OperationInProgress)
                {
                    _book.Add(service.Id, seen, resources.Of);
                }
            }
        }

        // 3.
        if (ended is not null)
        {
            Add(ended);
            await Write(cancellationToken);
            await Sweep(now, cancellationToken);
        }
    }

    private async Task ReadServices(CancellationToken cancellationToken)
    {
        try
        {
            _services = [.. (await documents.ListServices(null, cancellationToken)).Select(stored => stored.Record)];
        }
        catch (StoreException failure)
        {
            // Those of the minute before: what is new since then is not recorded until the store can be read again.
            MetricsLog.ServicesNotRead(logger, failure.Message);
        }
    }

    private void Add(MinuteBook book)
    {
        _unwritten.Enqueue(book);
        if (_unwritten.Count > MetricDefaults.UnwrittenMinutes)
        {
            _unwritten.Dequeue();
        }
    }

    private async Task Write(CancellationToken cancellationToken)
    {
        try
        {
            while (_unwritten.TryPeek(out var book))
            {
                var named = _services.Where(service => book.Services.Contains(service.Id)).Select(service => (service, book.Close(service.Id))).ToList();
                if (named.Count > 0)
                {
                    await metrics.Add(book.Minute, named, cancellationToken);
                }

                _unwritten.Dequeue();
            }

            _isFailing = false;
        }
        catch (StoreException failure)
        {
            if (!_isFailing)
            {
                MetricsLog.NotWritten(logger, failure.Message, MetricDefaults.UnwrittenMinutes);
            }

            _isFailing = true;
        }
    }

    // 4.
    private async Task Sweep(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now - _sweptAt < TimeSpan.FromHours(1) && now >= _sweptAt)
        {
            return;
        }

        _sweptAt = now;
        try
        {
            await metrics.ForgetBefore(now - MetricDefaults.Retention, cancellationToken);
        }
        catch (StoreException failure)
        {
            MetricsLog.NotForgotten(logger, failure.Message);
        }
    }
}
