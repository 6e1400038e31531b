using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.Streams;

/// <summary>A request body that keeps its exchange alive while it moves.</summary>
internal sealed class TouchingStream(Stream inner, Exchange exchange) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        exchange.Touch();
        return count;
    }
}
