namespace Sanbashi.Storage;

/// <summary>
/// Group commit: whatever arrives while one transaction is written goes into the next one together, so that many callers share one write to disk.
/// One transaction at a time. At most <see cref="MaxWaiting"/> commits wait here; further callers wait to be let in.
/// </summary>
/// <param name="write">Writes one transaction; completes every commit that it was given unless it throws.</param>
internal sealed class CommitQueue(Func<IReadOnlyList<PendingCommit>, Task> write)
{
    private const int MaxWaiting = 1024;
    private const int MaxCommitsPerTransaction = 64;

    private readonly SemaphoreSlim _places = new(MaxWaiting);
    private readonly Lock _gate = new();
    private readonly Queue<PendingCommit> _waiting = new();
    private bool _isWriting;

    public async Task<CommitResult> Commit(PendingCommit commit, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            bool isFirst;
            lock (_gate)
            {
                _waiting.Enqueue(commit);
                isFirst = !_isWriting;
                _isWriting = true;
            }

            if (isFirst)
            {
                _ = Task.Run(WriteAll, CancellationToken.None);
            }

            await using var registration = cancellationToken.Register(() => commit.Cancel(cancellationToken));
            return await commit.Outcome;
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task WriteAll()
    {
        while (TakeSome() is { } commits)
        {
            if (commits.Count == 0)
            {
                continue;
            }

            try
            {
                await write(commits);
            }
            catch (Exception e)
            {
                foreach (var commit in commits)
                {
                    commit.Fail(e);
                }
            }
        }
    }

    /// <summary>Null: nothing waits, and the next that comes starts the writing again.</summary>
    private List<PendingCommit>? TakeSome()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _isWriting = false;
                return null;
            }

            var taken = new List<PendingCommit>();
            while (taken.Count < MaxCommitsPerTransaction && _waiting.TryDequeue(out var commit))
            {
                if (commit.Take())
                {
                    taken.Add(commit);
                }
            }

            return taken;
        }
    }
}
