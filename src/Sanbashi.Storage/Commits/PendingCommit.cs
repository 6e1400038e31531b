namespace Sanbashi.Storage;

/// <summary>A commit on its way into a transaction. It can be cancelled until a transaction takes it; then its outcome is always told.</summary>
internal sealed class PendingCommit(IReadOnlyList<DocumentWrite> writes, StoreLease lease)
{
    private readonly TaskCompletionSource<CommitResult> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isDecided;

    public IReadOnlyList<DocumentWrite> Writes { get; } = writes;

    public StoreLease Lease { get; } = lease;

    public Task<CommitResult> Outcome => _outcome.Task;

    public bool Take() => Interlocked.Exchange(ref _isDecided, 1) == 0;

    public void Cancel(CancellationToken cancellationToken)
    {
        if (Take())
        {
            _outcome.TrySetCanceled(cancellationToken);
        }
    }

    public void Complete(CommitResult result) => _outcome.TrySetResult(result);

    public void Fail(Exception error) => _outcome.TrySetException(error);
}
