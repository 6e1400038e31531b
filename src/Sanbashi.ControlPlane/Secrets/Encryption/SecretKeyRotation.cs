using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>
/// Changes the key-encryption key: a new one seals from then on, and the data key of every value is sealed with it anew. The values themselves are not touched. Whatever
/// interrupts it, the old key is there until nothing needs it, and the next start goes on.
/// </summary>
internal sealed class SecretKeyRotation(IDocumentStore store, SecretKeys keys, ILogger logger) : IDisposable
{
    private const int PageSize = 200;

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary><c>Sanbashi.RotateSecretsKey</c>.</summary>
    public async Task<JsonObject> Rotate(ApiCall call, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await keys.Advance();
            var (rewrapped, failed) = await RewrapAll(cancellationToken);
            return new JsonObject { ["KeyId"] = keys.CurrentId, ["Rewrapped"] = rewrapped, ["Failed"] = failed };
        }
        catch (InvalidOperationException refused)
        {
            throw ApiErrors.InvalidState(refused.Message);
        }
        catch (Exception failure) when (failure is StoreException or IOException or InvalidDataException)
        {
            throw ApiErrors.Internal(failure.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Goes on with what an earlier process began.</summary>
    public async Task Resume(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (keys.HasOlder)
            {
                await RewrapAll(cancellationToken);
            }
        }
        catch (StoreException failure)
        {
            SecretsLog.RewrapFailed(logger, failure);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<(int Rewrapped, int Failed)> RewrapAll(CancellationToken cancellationToken)
    {
        var (rewrapped, failed) = (0, 0);
        foreach (var kind in SealedDocuments.Kinds)
        {
            var query = new DocumentQuery(kind) { Limit = PageSize };
            while (await store.Query(query, cancellationToken) is { Count: > 0 } page)
            {
                foreach (var document in page)
                {
                    switch (await Rewrap(document, cancellationToken))
                    {
                        case true:
                            rewrapped++;
                            break;
                        case false:
                            failed++;
                            break;
                    }
                }

                query = query with { AfterCreated = page[^1].CreatedSequence };
            }
        }

        if (failed == 0)
        {
            keys.DropOlder();
        }

        SecretsLog.Rewrapped(logger, keys.CurrentId, rewrapped, failed);
        return (rewrapped, failed);
    }

    /// <summary>True: done; false: it can't be opened; null: nothing to do.</summary>
    private async Task<bool?> Rewrap(Document document, CancellationToken cancellationToken)
    {
        for (var current = document; current is not null; current = await store.Get(document.Key, cancellationToken))
        {
            try
            {
                if (SealedDocuments.Rewrap(current, keys) is not { } body)
                {
                    return null;
                }

                if (await store.Commit([new DocumentWrite(current.Key, current.Version, body, current.Name, current.Parent)], cancellationToken) == CommitResult.Committed)
                {
                    return true;
                }
            }
            catch (Exception failure) when (failure is SealBrokenException or KeyMissingException)
            {
                SecretsLog.NotRewrapped(logger, failure.Message);
                return false;
            }
        }

        // Deleted in the meantime.
        return null;
    }
}
