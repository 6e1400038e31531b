namespace Sanbashi.Storage;

/// <summary>A lease that its store created; the store says how it is given back.</summary>
internal sealed class StoreLease(string storeName, string owner, long fencingNumber, Func<StoreLease, ValueTask> giveBack) : IStoreLease
{
    private readonly CancellationTokenSource _lost = new();
    private int _isOver;

    public long FencingNumber { get; } = fencingNumber;

    public string Owner { get; } = owner;

    public CancellationToken Lost => _lost.Token;

    public bool IsHeld => Volatile.Read(ref _isOver) == 0;

    /// <summary>Ends the lease from the store's side; true for the first that does.</summary>
    /// <param name="inline">Whether those who registered for <see cref="Lost"/> are called before this returns. They may call the store, so not where it holds something.</param>
    public bool Lose(bool inline)
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return false;
        }

        if (inline)
        {
            _lost.Cancel();
        }
        else
        {
            _ = _lost.CancelAsync();
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            await giveBack(this);
        }
    }

    /// <summary>The error of a commit without a lease that is held.</summary>
    public static Exception Missing(string storeName, StoreLease? lease) => lease is null
        ? new InvalidOperationException($"Cannot write to {storeName}: this process has not acquired its lease. Call AcquireLease first.")
        : lease.Fenced();

    public LeaseLostException Fenced() => new(
        $"Cannot write to {storeName}: the lease {FencingNumber} of {Owner} is over, and another process may be the writer now. Nothing was written. Acquire the lease again and read the state anew.");
}
