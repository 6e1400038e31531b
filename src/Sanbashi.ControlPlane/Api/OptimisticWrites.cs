using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Api;

/// <summary>Reads, checks and writes again while somebody else writes the same documents in between.</summary>
internal static class OptimisticWrites
{
    /// <summary>
    /// Bound of the repetitions. Each one means that another call has succeeded, so this is the number of calls on the same
    /// documents that may overtake one: far more than clients send in parallel.
    /// </summary>
    private const int MaxAttempts = 64;

    /// <param name="propose">Reads the present state, throws what forbids the call, and says what to write.</param>
    public static async Task<T> CommitUntilDone<T>(this IDocumentStore store, Func<CancellationToken, Task<Proposal<T>>> propose, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var proposal = await propose(cancellationToken);
            try
            {
                if (proposal.Writes.Count == 0 || await store.Commit(proposal.Writes, cancellationToken) == CommitResult.Committed)
                {
                    return proposal.Answer;
                }
            }
            catch (StoreException failure)
            {
                // A full disk above all: whoever asked is the one who can do something about it.
                throw ApiErrors.Internal(failure.Message);
            }
        }

        throw ApiErrors.Internal($"Other calls changed the same resource {MaxAttempts} times while this one was at work, and nothing was changed by it. Send it again.");
    }
}
