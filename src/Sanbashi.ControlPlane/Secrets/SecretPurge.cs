using Microsoft.Extensions.Logging;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Removes secrets whose time to be restored is over. Until it comes round, nobody finds them any more.</summary>
internal sealed class SecretPurge(SecretDocuments documents, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan _interval = TimeSpan.FromHours(1);

    public async Task Run(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_interval, timeProvider);
        do
        {
            try
            {
                await PurgeAll(cancellationToken);
            }
            catch (StoreException failure)
            {
                SecretsLog.PurgeFailed(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    public async Task PurgeAll(CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        foreach (var secret in (await documents.List(null, cancellationToken)).Where(secret => secret.Record.IsPurged(now)))
        {
            // A conflict: somebody restored it, or made another one in its place.
            if (await documents.Store.Commit(SecretDocuments.Delete(secret), cancellationToken) == CommitResult.Committed)
            {
                SecretsLog.Purged(logger, secret.Record.Name, secret.Record.Scope.Region);
            }
        }
    }
}
