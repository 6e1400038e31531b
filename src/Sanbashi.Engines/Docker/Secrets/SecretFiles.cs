using System.Net;
using System.Net.Http.Headers;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Docker.Instances;

namespace Sanbashi.Engines.Docker.Secrets;

/// <summary>
/// Files of an instance that are in memory only: a volume of its own, which is a tmpfs and lives for as long as the holder has it mounted. The files are
/// written through the holder before the application starts. Nothing that the engine tells of a container holds a value.
/// </summary>
internal sealed class SecretFiles(EngineClient client, InstanceReader reader, Installation installation)
{
    private const string Type = "tmpfs";

    /// <summary>Without a size: applications mount it read-only, so it holds what is written here and no more, and Podman takes a size for a quota on disk.</summary>
    private const string MountOptions = "mode=0755,nosuid,nodev,noexec";

    private static readonly Dictionary<string, string> _driverOptions = new() { ["type"] = Type, ["device"] = Type, ["o"] = MountOptions };

    /// <summary>What holder and main container mount. Should the volume be missing, Docker makes it anew with these options: never one on disk.</summary>
    public static MountConfig Mount(Installation installation, string instanceId, bool isReadOnly) =>
        new("volume", installation.SecretsVolume(instanceId), InstanceSpec.SecretsFolder, isReadOnly)
        {
            VolumeOptions = new VolumeOptions { DriverConfig = new VolumeDriver("local", _driverOptions), Labels = Owned(installation) },
        };

    /// <summary>Makes the volume that the holder is to mount.</summary>
    public async Task Ensure(string instanceId, CancellationToken cancellationToken)
    {
        var name = installation.SecretsVolume(instanceId);
        var request = new CreateVolume(name, Owned(installation)) { DriverOpts = _driverOptions };
        await client.Do(EngineCall.Post("volume.create", "/volumes/create").With(request, EngineJson.Default.CreateVolume), cancellationToken).ConfigureAwait(false);
        var volume = await client.Read(EngineCall.Get("volume.inspect", $"/volumes/{name}"), EngineJson.Default.VolumeDetails, cancellationToken).ConfigureAwait(false);
        if (!installation.Owns(volume.Labels) || volume.Options?.GetValueOrDefault("type") != Type)
        {
            throw new EngineException(EngineFailure.Refused, $"The engine's volume {name}, which is to hold secrets in memory, is not one of this installation's in memory. Remove it ('docker volume rm {name}').");
        }
    }

    /// <summary>Writes the files, for the user that the main container's program has.</summary>
    /// <param name="holderId">Of the holder, which must run.</param>
    /// <param name="containerId">Of the main container, which need not run.</param>
    public async Task Write(InstanceSpec spec, string holderId, string containerId, CancellationToken cancellationToken)
    {
        var user = (await reader.Details(containerId, cancellationToken).ConfigureAwait(false))?.Config?.User;
        var users = ContainerUser.NeedsUsers(user) ? await Users(containerId, cancellationToken).ConfigureAwait(false) : null;
        var body = new ByteArrayContent(SecretArchive.Of(spec.SecretFiles, ContainerUser.Id(user, users))) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };
        await client.Do(
            new EngineCall("container.write", HttpMethod.Put, EngineQuery.Of($"/containers/{holderId}/archive", ("path", InstanceSpec.SecretsFolder))) { Body = body },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Nothing there is success.</summary>
    public Task Remove(string instanceId, CancellationToken cancellationToken) => RemoveVolume(installation.SecretsVolume(instanceId), cancellationToken);

    /// <summary>Of all instances, those included that somebody has removed by hand.</summary>
    public async Task RemoveAll(CancellationToken cancellationToken)
    {
        var volumes = await client.Read(
            EngineCall.Get("volume.list", EngineQuery.Of("/volumes", ("filters", EngineQuery.Filters(("label", [installation.LabelFilter]))))),
            EngineJson.Default.VolumeList,
            cancellationToken).ConfigureAwait(false);
        foreach (var volume in volumes.Volumes ?? [])
        {
            if (installation.Owns(volume.Labels) && volume.Name.StartsWith(installation.SecretsVolumePrefix, StringComparison.Ordinal))
            {
                await RemoveVolume(volume.Name, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private Task RemoveVolume(string name, CancellationToken cancellationToken) => client.Do(
        EngineCall.Delete("volume.remove", $"/volumes/{name}") with { Tolerates = [HttpStatusCode.NotFound] }, cancellationToken);

    private async Task<string?> Users(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            await using var archive = await client.Open(
                EngineCall.Get("container.read", EngineQuery.Of($"/containers/{containerId}/archive", ("path", "/etc/passwd"))), cancellationToken).ConfigureAwait(false);
            return await SecretArchive.ReadText(archive.Body, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineApiException failure) when (failure.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static Dictionary<string, string> Owned(Installation installation) => new() { [Labels.Installation] = installation.Id };
}
