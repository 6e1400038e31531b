using System.Net;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Volumes;

/// <summary>Named volumes. Their names carry the installation, since an engine hands out an existing volume to whoever asks for its name.</summary>
internal sealed class VolumeKeeper(EngineClient client, Installation installation)
{
    public async Task Ensure(IReadOnlyList<VolumeMount> mounts, EngineProfile profile, CancellationToken cancellationToken)
    {
        if (profile.IsPodman && client.Address.IsLocal && mounts.FirstOrDefault(mount => mount.IsHostPath && !Path.Exists(mount.Source)) is { } missing)
        {
            // Docker refuses this by itself; Podman would quietly make an empty folder.
            throw new EngineException(EngineFailure.Refused, $"The host folder {missing.Source}, to be mounted at {missing.Target}, does not exist. Make it, or correct the path.");
        }

        await Task.WhenAll(mounts.Where(mount => !mount.IsHostPath).Select(mount => mount.Source).Distinct().Select(name => Ensure(name, cancellationToken)))
            .ConfigureAwait(false);
    }

    public async Task Ensure(string name, CancellationToken cancellationToken)
    {
        var full = installation.Volume(name);
        var volume = await client.Find(EngineCall.Get("volume.inspect", $"/volumes/{full}"), EngineJson.Default.VolumeDetails, cancellationToken).ConfigureAwait(false)
            ?? await Create(full, cancellationToken).ConfigureAwait(false);
        if (!installation.Owns(volume.Labels))
        {
            throw new EngineException(EngineFailure.Refused, $"The engine's volume {full} is not this installation's. Rename or remove it ('docker volume rm {full}').");
        }
    }

    public async Task Remove(string name, CancellationToken cancellationToken) =>
        await client.Do(
            EngineCall.Delete("volume.remove", $"/volumes/{installation.Volume(name)}") with { Tolerates = [HttpStatusCode.NotFound] }, cancellationToken)
            .ConfigureAwait(false);

    public async Task RemoveAll(CancellationToken cancellationToken)
    {
        var volumes = await client.Read(
            EngineCall.Get("volume.list", EngineQuery.Of("/volumes", ("filters", EngineQuery.Filters(("label", [installation.LabelFilter]))))),
            EngineJson.Default.VolumeList,
            cancellationToken).ConfigureAwait(false);
        foreach (var volume in volumes.Volumes ?? [])
        {
            if (installation.Owns(volume.Labels) && volume.Name.StartsWith(installation.VolumePrefix, StringComparison.Ordinal))
            {
                await Remove(volume.Name[installation.VolumePrefix.Length..], cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<VolumeDetails> Create(string name, CancellationToken cancellationToken)
    {
        var request = new CreateVolume(name, new Dictionary<string, string> { [Labels.Installation] = installation.Id });
        await client.Do(EngineCall.Post("volume.create", "/volumes/create").With(request, EngineJson.Default.CreateVolume), cancellationToken).ConfigureAwait(false);
        return await client.Read(EngineCall.Get("volume.inspect", $"/volumes/{name}"), EngineJson.Default.VolumeDetails, cancellationToken).ConfigureAwait(false);
    }
}
