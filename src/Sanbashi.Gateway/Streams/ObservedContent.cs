using System.Net;

namespace Sanbashi.Gateway.Streams;

/// <summary>A response body whose reading goes through a <see cref="StreamedAnswer"/>.</summary>
internal sealed class ObservedContent(HttpContent inner, StreamedAnswer answer) : HttpContent
{
    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        answer.Attach(await inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        return answer;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        throw new NotSupportedException("A forwarded body is read, never serialised.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
