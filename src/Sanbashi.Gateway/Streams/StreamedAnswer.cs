using Microsoft.AspNetCore.Http;
using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.Streams;

/// <summary>
/// A response body of unknown length on its way from the instance. Counts it, sends the headers on while the body lets wait for itself, and,
/// where the answer is a stream, can end it: the forwarder then reads an end like any other and completes the answer properly.
/// </summary>
internal sealed class StreamedAnswer(Exchange exchange, HttpResponse response, bool isEndable) : ReadOnlyStream, IEndableStream
{
    private readonly CancellationTokenSource? _end = isEndable ? new CancellationTokenSource() : null;
    private Stream _inner = Null;
    private CancellationTokenSource? _linked;
    private CancellationToken _linkedTo;
    private bool _hasFlushed;

    public void Attach(Stream inner) => _inner = inner;

    public void BeginEnd(EndReason reason) => _ = _end!.CancelAsync();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_end?.IsCancellationRequested == true)
        {
            return 0;
        }

        try
        {
            var reading = _inner.ReadAsync(buffer, Link(cancellationToken));
            if (!reading.IsCompleted && !_hasFlushed)
            {
                _hasFlushed = true;
                var pending = reading.AsTask();
                await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
                reading = new ValueTask<int>(pending);
            }

            var count = await reading.ConfigureAwait(false);
            exchange.ResponseBytes += count;
            if (isEndable)
            {
                exchange.Touch();
            }

            return count;
        }
        catch (OperationCanceledException) when (_end?.IsCancellationRequested == true && !cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _linked?.Dispose();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The forwarder passes the same token each time, so one link serves the whole stream.</summary>
    private CancellationToken Link(CancellationToken cancellationToken)
    {
        if (_end is null)
        {
            return cancellationToken;
        }

        if (_linked is null || _linkedTo != cancellationToken)
        {
            _linked?.Dispose();
            _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
            _linkedTo = cancellationToken;
        }

        return _linked.Token;
    }
}
