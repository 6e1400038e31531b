using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sanbashi.Domain.Secrets;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>Finds the rotations that are due or were interrupted, and lets each come as far as it can.</summary>
internal sealed class RotationRunner(SecretDocuments documents, RotationSteps steps, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Rotations at once; others wait. A rotator outside may take minutes.</summary>
    private const int MostAtOnce = 8;

    private static readonly TimeSpan _nextLook = TimeSpan.FromSeconds(1);

    /// <summary>By secret; bounded by <see cref="MostAtOnce"/>.</summary>
    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);

    /// <summary>Begins what is due; answers when to look again.</summary>
    public async Task<DateTimeOffset?> Pass(CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        DateTimeOffset? next = null;
        foreach (var secret in await documents.List(null, cancellationToken))
        {
            DateTimeOffset? due = RotationPlanner.Plan(secret.Record, now) is RotationPlan.Wait wait ? wait.Until
                : TryStart(secret.Record, cancellationToken) ? null
                : now + _nextLook;
            next = due is null || next < due ? next : due;
        }

        return next;
    }

    /// <summary>Completes when everything that was begun has come as far as it can now.</summary>
    public Task Settled() => Task.WhenAll(_running.Values);

    private bool TryStart(SecretRecord secret, CancellationToken cancellationToken)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running.Count >= MostAtOnce || !_running.TryAdd(secret.Id, end.Task))
        {
            return false;
        }

        _ = Rotate();
        return true;

        async Task Rotate()
        {
            try
            {
                while (await steps.TakeNext(secret.Scope, secret.Id, cancellationToken))
                {
                    // As far as it goes.
                }
            }
            catch (Exception failure) when (failure is StoreException or LeaseLostException or ApiException or OperationCanceledException)
            {
                // What was not written is done again: by the next pass, or by whoever has the store now.
                SecretsLog.RotationInterrupted(logger, secret.Name, failure.Message);
            }
            catch (Exception failure)
            {
                SecretsLog.RotationBroken(logger, failure, secret.Name);
            }
            finally
            {
                _running.TryRemove(secret.Id, out _);
                end.SetResult();
            }
        }
    }
}
