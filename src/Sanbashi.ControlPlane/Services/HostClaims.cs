using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Services;

/// <summary>
/// Which host and path belong to which service. Each is a document of its own that only one service can write, so two services that ask at the same moment
/// cannot both get it. The platform's own names are reservations of the same kind, without a slash.
/// </summary>
internal sealed class HostClaims(ServiceDocuments documents, string platformDomain)
{
    /// <summary>The writes that make the claims of <paramref name="before"/> (null at the creation) those of <paramref name="after"/>.</summary>
    /// <exception cref="Wire.ApiException">Another service has one of them, or a name is the platform's own.</exception>
    public async Task<IReadOnlyList<DocumentWrite>> Move(ServiceRecord? before, ServiceRecord after, CancellationToken cancellationToken)
    {
        // A deleted service can still be described and tagged for a while: what it had is perhaps another one's by now, and it gets nothing any more.
        List<string> had = before is null or { Status: ServiceStatus.Deleted } ? [] : Of(before);
        List<string> wants = after.Status == ServiceStatus.Deleted ? [] : Of(after);
        var writes = new List<DocumentWrite>(had.Except(wants).Select(ServiceDocuments.ReleaseHost));
        foreach (var claim in wants.Except(had))
        {
            var host = claim[..claim.IndexOf('/', StringComparison.Ordinal)];
            if (host == platformDomain || host.EndsWith("." + platformDomain, StringComparison.Ordinal))
            {
                throw ApiErrors.InvalidRequest($"Service {after.Name} can't have the host {host}: the platform itself gives out {platformDomain} and the names below it. Use a name outside of it.");
            }

            if (await documents.HolderOfHost(claim, cancellationToken) is { } holder)
            {
                throw ApiErrors.InvalidRequest(
                    $"Service {after.Name} can't have {claim}: {await NameOf(holder, cancellationToken)} has it already. Give one of them another of the settings 'hosts' and 'path'.");
            }

            writes.Add(ServiceDocuments.ReserveHost(claim, after.Id));
        }

        return writes;
    }

    /// <summary>The writes that give back everything the service has.</summary>
    public static IEnumerable<DocumentWrite> Release(ServiceRecord service) => Of(service).Select(ServiceDocuments.ReleaseHost);

    private static List<string> Of(ServiceRecord service) => SettingsResolver.Of(service).Effective is var settings ? [.. settings.Hosts.Select(host => host + settings.Path)] : [];

    private async Task<string> NameOf(string serviceId, CancellationToken cancellationToken) =>
        (await documents.ListServices(scope: null, cancellationToken)).FirstOrDefault(service => service.Record.Id == serviceId) is { } found ? $"service {found.Record.Name}" : "another service";
}
