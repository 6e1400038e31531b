using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Forwarding;

namespace Sanbashi.Gateway.AccessLogs;

/// <summary>
/// Writes access log lines behind the requests' back: a bounded queue, one writer, one write per service and batch. A line that finds the queue
/// full is dropped and counted; requests never wait for a disk.
/// </summary>
internal sealed class AccessLog : IAccessLog, IAsyncDisposable
{
    private const int BatchLength = 512;
    private static readonly JsonWriterOptions Json = new() { SkipValidation = true };

    private readonly string _folder;
    private readonly long _fileBytes;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Channel<AccessRecord> _queue = Channel.CreateBounded<AccessRecord>(new BoundedChannelOptions(GatewayDefaults.AccessLogQueueLength)
    {
        SingleReader = true,
        FullMode = BoundedChannelFullMode.Wait,
        AllowSynchronousContinuations = false,
    });

    private readonly Dictionary<string, AccessLogFile> _files = [];
    private readonly Dictionary<string, ArrayBufferWriter<byte>> _batch = [];
    private readonly Task _writing;
    private long _dropped;
    private long _droppedReported;

    public AccessLog(string folder, long fileBytes, TimeProvider timeProvider, ILogger logger)
    {
        _folder = folder;
        _fileBytes = fileBytes;
        _timeProvider = timeProvider;
        _logger = logger;
        _writing = Task.Run(WriteUntilClosed);
    }

    /// <summary>Lines that were not written since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Write(Exchange exchange, string serviceId, int status)
    {
        var request = exchange.Context.Request;
        var target = exchange.Context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = RequestTarget.PathOf(target);
        var record = new AccessRecord(
            _timeProvider.GetUtcNow(),
            serviceId,
            exchange.RequestId,
            request.Method,
            request.Headers.Host.ToString(),
            path.Length == target.Length ? target : path.ToString(),
            status,
            exchange.ResponseBytes,
            exchange.Elapsed.TotalMilliseconds,
            exchange.Instance?.Id,
            exchange.ClientAddress,
            request.Headers.UserAgent,
            request.Protocol,
            exchange.Failure);
        if (!_queue.Writer.TryWrite(record))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Writes what is queued and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.Complete();
        await _writing.ConfigureAwait(false);
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }

    private async Task WriteUntilClosed()
    {
        using var json = new Utf8JsonWriter(Stream.Null, Json);
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            // At the end of the gateway there is nothing to collect for.
            await _queue.Reader.Completion.WaitAsync(GatewayDefaults.AccessLogDelay, _timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_queue.Reader.TryPeek(out _))
            {
                var count = 0;
                while (count++ < BatchLength && _queue.Reader.TryRead(out var record))
                {
                    Add(record, json);
                }

                WriteBatch();
            }

            ReportDropped();
        }
    }

    private void Add(in AccessRecord record, Utf8JsonWriter json)
    {
        if (!_batch.TryGetValue(record.ServiceId, out var lines))
        {
            lines = new ArrayBufferWriter<byte>(1024);
            _batch.Add(record.ServiceId, lines);
        }

        json.Reset(lines);
        record.WriteTo(json);
        json.Flush();
        lines.Write("\n"u8);
    }

    private void WriteBatch()
    {
        foreach (var (serviceId, lines) in _batch)
        {
            if (lines.WrittenCount == 0)
            {
                continue;
            }

            try
            {
                FileOf(serviceId).Append(lines.WrittenSpan);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                var count = lines.WrittenSpan.Count((byte)'\n');
                Interlocked.Add(ref _dropped, count);
                _logger.AccessLogNotWritten(serviceId, count, exception);
            }

            lines.ResetWrittenCount();
        }

        // Buffers of services that rest are not kept.
        if (_batch.Count > GatewayDefaults.AccessLogOpenFiles)
        {
            _batch.Clear();
        }
    }

    private AccessLogFile FileOf(string serviceId)
    {
        var now = _timeProvider.GetTimestamp();
        if (!_files.TryGetValue(serviceId, out var file))
        {
            if (_files.Count >= GatewayDefaults.AccessLogOpenFiles)
            {
                var (oldestId, oldest) = _files.MinBy(static pair => pair.Value.LastUsed);
                oldest.Dispose();
                _files.Remove(oldestId);
            }

            file = new AccessLogFile(Path.Combine(_folder, serviceId, "access"), _fileBytes);
            _files.Add(serviceId, file);
        }

        file.LastUsed = now;
        return file;
    }

    private void ReportDropped()
    {
        var dropped = Dropped;
        if (dropped > _droppedReported)
        {
            _logger.AccessLogDropped(dropped - _droppedReported, dropped);
            _droppedReported = dropped;
        }
    }
}
