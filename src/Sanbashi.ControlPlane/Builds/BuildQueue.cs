namespace Sanbashi.ControlPlane.Builds;

/// <summary>Image builds take their turns: they cost the machine more than anything else it does.</summary>
internal sealed class BuildQueue
{
    /// <summary>Builds that may wait, besides the one that runs; their callers' connections stay open meanwhile.</summary>
    public const int MaxWaiting = 8;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _count;

    /// <summary>Builds ahead of the caller's; null when too many wait already. Followed by <see cref="Wait"/> and, whatever happens, <see cref="Leave"/>.</summary>
    public int? Enter()
    {
        var count = Interlocked.Increment(ref _count);
        if (count <= MaxWaiting + 1)
        {
            return count - 1;
        }

        Interlocked.Decrement(ref _count);
        return null;
    }

    /// <summary>Completes when it is the caller's turn.</summary>
    public Task Wait(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    /// <param name="hadTurn">Whether <see cref="Wait"/> has completed.</param>
    public void Leave(bool hadTurn)
    {
        Interlocked.Decrement(ref _count);
        if (hadTurn)
        {
            _turn.Release();
        }
    }
}
