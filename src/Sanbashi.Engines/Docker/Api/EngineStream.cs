namespace Sanbashi.Engines.Docker.Api;

/// <summary>An answer that goes on: events, logs, the progress of a pull or build.</summary>
internal sealed class EngineStream(HttpResponseMessage response, Stream body) : IAsyncDisposable
{
    public Stream Body { get; } = body;

    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync().ConfigureAwait(false);
        response.Dispose();
    }
}
