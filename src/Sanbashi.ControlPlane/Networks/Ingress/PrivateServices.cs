using System.Collections.Frozen;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;

namespace Sanbashi.ControlPlane.Networks.Ingress;

/// <summary>What the routes of private services take from networks: their names there, and where their requests may come from. Replaced as a whole; read by reconcilers at any time.</summary>
internal sealed class PrivateServices(string platformDomain)
{
    private sealed record Door(string Host, Ipv4Block? Network);

    private volatile FrozenDictionary<string, Door> _doors = FrozenDictionary<string, Door>.Empty;

    /// <summary>Told the ids of services whose routes have changed by it.</summary>
    public event Action<string>? Changed;

    public void Replace(IEnumerable<VpcIngressRecord> ingresses, IReadOnlyCollection<NetworkPlace> places)
    {
        var before = _doors;
        _doors = ingresses
            .Where(ingress => ingress.IsActive)
            .ToFrozenDictionary(
                ingress => ingress.ServiceId,
                ingress => new Door(ingress.DomainName(platformDomain), places.FirstOrDefault(place => place.VpcId == ingress.VpcId)?.Block),
                StringComparer.Ordinal);
        foreach (var serviceId in before.Keys.Union(_doors.Keys).Where(id => before.GetValueOrDefault(id) != _doors.GetValueOrDefault(id)))
        {
            Changed?.Invoke(serviceId);
        }
    }

    /// <summary>Names besides the service's own.</summary>
    public IEnumerable<string> Hosts(ServiceRecord service) => _doors.TryGetValue(service.Id, out var door) ? [door.Host] : [];

    /// <summary>The settings with what the network adds to them.</summary>
    public ServiceSettings Restrict(ServiceRecord service, ServiceSettings settings)
    {
        if (service.Definition.Network.IsPubliclyAccessible)
        {
            return settings;
        }

        IReadOnlyCollection<Ipv4Block> networks = _doors.GetValueOrDefault(service.Id)?.Network is { } network ? [network] : [];
        return settings with { Access = settings.Access with { AllowedSources = PrivateSources.Of(settings.Access.AllowedSources, networks) } };
    }
}
