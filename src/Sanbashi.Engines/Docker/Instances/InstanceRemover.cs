using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Docker.Secrets;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>Stops and removes instances: containers first, the holder that they live in last.</summary>
internal sealed class InstanceRemover(
    EngineClient client, InstanceReader reader, InstanceFreezer freezer, SecretFiles secretFiles, TimeProvider time, ILogger logger)
{
    /// <summary>What the engine needs beyond the stop time-out to kill and clean up.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RemovalTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Engines now and then find a file system busy for a moment.</summary>
    private const int RemovalAttempts = 3;

    public async Task Stop(string instanceId, TimeSpan stopTimeout, CancellationToken cancellationToken)
    {
        var parts = await reader.Parts(instanceId, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(parts.Where(part => !part.IsHolder && (part.IsRunning || part.IsPaused)).Select(part => StopContainer(part, stopTimeout, cancellationToken)))
            .ConfigureAwait(false);
        await Remove(instanceId, parts, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes what is there, running or not.</summary>
    public async Task Remove(string instanceId, IReadOnlyList<InstancePart> parts, CancellationToken cancellationToken)
    {
        await Task.WhenAll(parts.Where(part => !part.IsHolder).Select(part => RemoveContainer(part, instanceId, cancellationToken))).ConfigureAwait(false);
        await Task.WhenAll(parts.Where(part => part.IsHolder).Select(part => RemoveContainer(part, instanceId, cancellationToken))).ConfigureAwait(false);
        if (parts.Any(part => part.HasSecretFiles))
        {
            await secretFiles.Remove(instanceId, cancellationToken).ConfigureAwait(false);
        }

        reader.Forget(instanceId);
    }

    private async Task StopContainer(InstancePart part, TimeSpan stopTimeout, CancellationToken cancellationToken)
    {
        if (part.IsPaused)
        {
            // A frozen process cannot act on a signal, and Podman refuses to stop it.
            await freezer.Thaw(part.Id, cancellationToken).ConfigureAwait(false);
        }

        var seconds = Math.Max(0, (int)Math.Ceiling(stopTimeout.TotalSeconds));
        await client.Do(
            EngineCall.Post("container.stop", EngineQuery.Of($"/containers/{part.Id}/stop", ("t", seconds.ToString(CultureInfo.InvariantCulture)))) with
            {
                IsLong = true,
                Timeout = TimeSpan.FromSeconds(seconds) + Margin,
                Tolerates = [HttpStatusCode.NotModified, HttpStatusCode.NotFound],
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task RemoveContainer(InstancePart part, string instanceId, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // v: anonymous volumes of the image's VOLUME lines go with it; named ones stay.
                var status = await client.Do(
                    EngineCall.Delete("container.remove", $"/containers/{part.Id}?force=1&v=1") with
                    {
                        IsLong = true,
                        Timeout = RemovalTimeout,
                        Tolerates = [HttpStatusCode.NotFound, HttpStatusCode.Conflict],
                    },
                    cancellationToken).ConfigureAwait(false);
                if (status == HttpStatusCode.Conflict)
                {
                    EngineLog.RemovalUnderWay(logger, part.Name, instanceId);
                    await client.Do(
                        EngineCall.Post("container.wait", $"/containers/{part.Id}/wait?condition=removed") with
                        {
                            IsLong = true,
                            Timeout = RemovalTimeout,
                            Tolerates = [HttpStatusCode.NotFound],
                        },
                        cancellationToken).ConfigureAwait(false);
                }

                return;
            }
            catch (EngineApiException failure) when (attempt < RemovalAttempts && (int)failure.Status >= 500)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
