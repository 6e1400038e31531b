using System.Net;
using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.InstanceEndpoint;

/// <summary>Finds out which instance asks: the one that its token names, if the request comes from that one's address.</summary>
internal sealed class InstanceCallers(EngineObserver observer, ServiceDocuments documents, ILogger<InstanceCallers> logger)
{
    /// <param name="instanceId">From the token; null when it is none.</param>
    /// <returns>Null: whoever asks is not that instance.</returns>
    /// <exception cref="EngineException">The engine does not answer, and has not shown the instance before.</exception>
    public async Task<InstanceCaller?> Find(string? instanceId, IPAddress? source, CancellationToken cancellationToken)
    {
        if (instanceId is null)
        {
            return null;
        }

        if (observer.Find(instanceId) is not { Endpoint: not null, Containers.Count: > 0 })
        {
            // Applications ask within milliseconds of their start, which may be before anybody has looked.
            await observer.Refresh(instanceId, cancellationToken);
        }

        if (observer.Find(instanceId) is not { Endpoint: { } endpoint, Containers.Count: > 0 } instance)
        {
            return null;
        }

        var address = endpoint[..endpoint.LastIndexOf(':')];
        if (!IPAddress.TryParse(address, out var own) || !own.Equals(source))
        {
            InstanceEndpointLog.ForeignSource(logger, source, instanceId);
            return null;
        }

        // An instance's labels do not tell the region of its service.
        var service = (await documents.ListServices(null, cancellationToken)).FirstOrDefault(service => service.Record.Id == instance.Identity.ServiceId);
        return service is not null && await documents.FindRevision(service.Record, instance.Identity.Revision, cancellationToken) is { Record: var revision }
            ? new InstanceCaller(instance, address, service.Record, revision)
            : null;
    }
}
