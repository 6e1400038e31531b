using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.WebSockets;

/// <summary>
/// The client's side of an upgraded connection. Bytes pass unchanged in both directions until the connection has to end; then
/// <list type="number">
/// <item>the client gets a close frame, as soon as no frame towards it is half sent, and nothing after it;</item>
/// <item>the instance gets one too, in what it reads from the client, as soon as the client's frame under way is complete;</item>
/// <item>the client's answer is waited for, so that the connection closes with nothing unread and the frame is not lost to a reset.</item>
/// </list>
/// A side that has said goodbye by itself is not told again.
/// </summary>
internal sealed class WebSocketTunnel(Stream client, Exchange exchange) : Stream, IEndableStream
{
    private readonly CancellationTokenSource _interrupt = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private FrameCursor _fromClient;
    private FrameCursor _toClient;
    private CancellationTokenSource? _linked;
    private CancellationToken _linkedTo;
    private string _reason = "";
    private byte[]? _discarded;
    private volatile bool _isEnding;
    private bool _isClientTold;
    private bool _isInstanceTold;
    private bool _hasClientEnded;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void BeginEnd(EndReason reason)
    {
        _reason = EndReasons.Text(reason);
        _isEnding = true;
        _ = _interrupt.CancelAsync();

        // Elsewhere: whoever ends many at once must not wait for each client's socket.
        _ = Task.Run(TellClient);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_isEnding)
        {
            try
            {
                var count = await client.ReadAsync(buffer, Link(cancellationToken)).ConfigureAwait(false);
                if (buffer.Length > 0)
                {
                    PassedFromClient(buffer.Span[..count]);
                }

                return count;
            }
            catch (OperationCanceledException) when (_isEnding && !cancellationToken.IsCancellationRequested)
            {
                // Interrupted to say goodbye.
            }
        }

        return buffer.Length == 0 ? 0 : await ReadWhileEnding(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isClientTold)
            {
                return;
            }

            if (_isEnding)
            {
                // 1. Up to the end of the frame under way, then the close frame. Between two frames at once: what the instance says now may
                // be its answer to our goodbye, and the client is to hear ours.
                buffer = _toClient.AtBoundary ? default : buffer[.._toClient.AdvanceToBoundary(buffer.Span)];
            }
            else
            {
                _toClient.Advance(buffer.Span);
            }

            if (buffer.Length > 0)
            {
                await client.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
                exchange.ResponseBytes += buffer.Length;
                exchange.Touch();
            }

            if (_isEnding)
            {
                await SendCloseAtBoundary(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>After the forwarder is done: waits for the client's goodbye, no longer than the exchange's grace time, and closes.</summary>
    public async Task Finish()
    {
        try
        {
            while (_isClientTold && !_hasClientEnded && !_fromClient.HasClosed)
            {
                await Discard(exchange.Cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client did not answer in time or is gone: either way there is nobody left to wait for.
        }

        _linked?.Dispose();
        await client.DisposeAsync().ConfigureAwait(false);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => client.FlushAsync(cancellationToken);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask<int> ReadWhileEnding(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // 2. The rest of the client's frame, then the close frame for the instance.
        if (!_isInstanceTold && !_fromClient.AtBoundary)
        {
            var count = await client.ReadAsync(buffer[..Math.Min(buffer.Length, _fromClient.SafeLength)], cancellationToken).ConfigureAwait(false);
            PassedFromClient(buffer.Span[..count]);
            return count;
        }

        if (!_isInstanceTold)
        {
            _isInstanceTold = true;
            if (!_fromClient.HasClosed && !_hasClientEnded && buffer.Length >= CloseFrame.LongestLength)
            {
                return CloseFrame.Write(buffer.Span, CloseFrame.GoingAway, _reason, mask: (uint)Random.Shared.NextInt64(uint.MaxValue));
            }
        }

        // 3. What the client still says until its own goodbye has no reader any more.
        while (!_hasClientEnded && !_fromClient.HasClosed)
        {
            await Discard(cancellationToken).ConfigureAwait(false);
        }

        return 0;
    }

    private async ValueTask Discard(CancellationToken cancellationToken)
    {
        _discarded ??= new byte[4096];
        var count = await client.ReadAsync(_discarded, cancellationToken).ConfigureAwait(false);
        PassedFromClient(_discarded.AsSpan(0, count));
    }

    private void PassedFromClient(ReadOnlySpan<byte> data)
    {
        _hasClientEnded |= data.Length == 0;
        _fromClient.Advance(data);
        exchange.Touch();
    }

    private async Task TellClient()
    {
        try
        {
            await _writing.WaitAsync(exchange.Cancellation).ConfigureAwait(false);
            try
            {
                await SendCloseAtBoundary(exchange.Cancellation).ConfigureAwait(false);
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client is gone or takes nothing: the grace time cuts the connection.
        }
    }

    private async ValueTask SendCloseAtBoundary(CancellationToken cancellationToken)
    {
        if (_isClientTold || !_toClient.AtBoundary)
        {
            return;
        }

        _isClientTold = true;
        if (!_toClient.HasClosed)
        {
            var frame = new byte[CloseFrame.LongestLength];
            var length = CloseFrame.Write(frame, CloseFrame.GoingAway, _reason, mask: null);
            await client.WriteAsync(frame.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
    }

    private CancellationToken Link(CancellationToken cancellationToken)
    {
        if (_linked is null || _linkedTo != cancellationToken)
        {
            _linked?.Dispose();
            _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _interrupt.Token);
            _linkedTo = cancellationToken;
        }

        return _linked.Token;
    }
}
