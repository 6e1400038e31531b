using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>
/// Freezes and thaws the containers of an instance, in parallel. Goes by what the container's state is after a refusal, not by the text of the refusal: both
/// engines refuse what is already so, each with a status of its own.
/// </summary>
internal sealed class InstanceFreezer(EngineClient client, InstanceReader reader)
{
    public async Task FreezeInstance(string instanceId, CancellationToken cancellationToken) =>
        await ForEach(instanceId, "freezing", Freeze, cancellationToken).ConfigureAwait(false);

    public async Task ThawInstance(string instanceId, CancellationToken cancellationToken) =>
        await ForEach(instanceId, "thawing", Thaw, cancellationToken).ConfigureAwait(false);

    /// <summary>Thaws one container; one that is not frozen, or has ended, is left as it is.</summary>
    public async Task<bool> Thaw(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            await client.Do(EngineCall.Post("container.unpause", $"/containers/{containerId}/unpause"), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (EngineApiException)
        {
            var details = await reader.Details(containerId, cancellationToken).ConfigureAwait(false);
            if (details is { State.Paused: true })
            {
                throw;
            }

            return details is not null;
        }
    }

    private async Task<bool> Freeze(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            await client.Do(EngineCall.Post("container.pause", $"/containers/{containerId}/pause"), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (EngineApiException)
        {
            var details = await reader.Details(containerId, cancellationToken).ConfigureAwait(false);
            if (details is { State.Paused: false })
            {
                throw;
            }

            return details is not null;
        }
    }

    private async Task ForEach(string instanceId, string attempt, Func<string, CancellationToken, Task<bool>> act, CancellationToken cancellationToken)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            var ids = await reader.ContainerIds(instanceId, cancellationToken).ConfigureAwait(false);
            var found = await Task.WhenAll(ids.Select(id => act(id, cancellationToken))).ConfigureAwait(false);
            if (ids.Count > 0 && !found.Contains(false))
            {
                return;
            }

            if (isRetry)
            {
                throw new EngineException(EngineFailure.NotFound, $"{char.ToUpperInvariant(attempt[0])}{attempt[1..]} instance {instanceId} failed: the engine has no containers of it.");
            }

            // What was remembered is out of date.
            reader.Forget(instanceId);
        }
    }
}
