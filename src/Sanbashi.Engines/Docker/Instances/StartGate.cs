namespace Sanbashi.Engines.Docker.Instances;

/// <summary>
/// Lets a few instances start at a time. The engine takes as long for all of them together, but what starts among fewer others serves sooner: of twenty at once
/// none would be there before nearly all are.
/// </summary>
internal sealed class StartGate(TimeProvider time)
{
    /// <summary>Two for each processor: one waits for the kernel or the engine's locks while the other computes.</summary>
    private static readonly int _places = 2 * Environment.ProcessorCount;

    /// <summary>Nobody stands behind starts that hang, on a volume or a name server, for longer than this.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _free = new(_places);

    /// <summary>Waits for a place, first come first served, and takes it until it is disposed of.</summary>
    public async Task<IDisposable?> Enter(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _free.WaitAsync(either.Token).ConfigureAwait(false);
            return new Place(_free);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
