using System.Globalization;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>Compares what runs and what is routed with what the records want.</summary>
internal sealed class Goal(World world)
{
    public bool HasKept => world.Engine.Instances.Any(instance => instance.Container == PartState.Paused);

    public bool HasDeleted => world.Invariants.Services.Any(service => service.Status == ServiceStatus.Deleted);

    /// <summary>Null when all is as it should be.</summary>
    public string? Difference(bool isPreviousKept)
    {
        var services = world.Invariants.Services.ToDictionary(service => service.Id);
        if (world.Engine.Instances.FirstOrDefault(instance => !services.ContainsKey(instance.Identity.ServiceId)) is { } orphan)
        {
            return $"{orphan.Short} belongs to no service.";
        }

        return services.Values.Select(service => Instances(service, isPreviousKept) ?? Routes(service) ?? Holds(service)).FirstOrDefault(difference => difference is not null);
    }

    /// <summary>What is left of deleted services; null if nothing.</summary>
    public string? Remains()
    {
        if (world.Invariants.Services.FirstOrDefault(service => service.Status == ServiceStatus.Deleted) is { } deleted)
        {
            return $"Service {deleted.Name}, deleted at {deleted.DeletedAt}, is still in the store.";
        }

        var ids = world.Invariants.Services.Select(service => service.Id).ToHashSet();
        if (world.Invariants.Operations.FirstOrDefault(operation => !ids.Contains(operation.ServiceId)) is { } operation)
        {
            return $"Operation {operation.Id} of a service that is gone is still in the store.";
        }

        return world.Engine.Holds.Keys.FirstOrDefault(name => !ids.Contains(name[..32])) is { } hold ? $"The image hold {hold} belongs to no service." : null;
    }

    private string? Instances(ServiceRecord service, bool isPreviousKept)
    {
        var present = world.Engine.Instances.Where(instance => instance.Identity.ServiceId == service.Id).ToList();
        var serving = service.Status == ServiceStatus.Running ? present.Where(instance => instance.Identity.Revision == service.ActiveRevision).ToList() : [];
        var wanted = service.Status == ServiceStatus.Running ? world.Invariants.MinSize(service.Id, service.ActiveRevision!.Value) : 0;
        if (serving.Count != wanted || serving.Any(instance => !instance.IsRunning || !instance.IsProven))
        {
            return $"{service.Name} is {service.Status} and wants {wanted} of revision {service.ActiveRevision}, found [{Text(present)}].";
        }

        var others = present.Except(serving).Where(instance => !isPreviousKept || instance is not { Container: PartState.Paused } || instance.Identity.Revision != service.PreviousRevision).ToList();
        return others.Count > 0 ? $"{service.Name} is {service.Status} with revision {service.ActiveRevision}, found as well [{Text(others)}]." : null;
    }

    private string? Routes(ServiceRecord service)
    {
        var availability = service.Status switch
        {
            ServiceStatus.Running => RouteAvailability.Serving,
            ServiceStatus.Paused => RouteAvailability.Paused,
            _ => RouteAvailability.Unavailable,
        };
        var expected = Ids(world.Engine.Instances
            .Where(instance => service.Status == ServiceStatus.Running && instance.Identity.ServiceId == service.Id && instance.Identity.Revision == service.ActiveRevision)
            .Select(instance => instance.Id));
        foreach (var gateway in world.Gateways)
        {
            var seen = gateway.Find(service.Id);
            if (service.Status == ServiceStatus.Deleted)
            {
                if (seen is not null)
                {
                    return $"{gateway.Name} still routes {service.Name}, which is deleted.";
                }

                continue;
            }

            var routed = Ids(seen?.Serving.Select(instance => instance.Id) ?? []);
            if (seen?.Route.Availability != availability || routed != expected)
            {
                return $"{gateway.Name} routes {service.Name}, which is {service.Status}, as {seen?.Route.Availability} to [{routed}] instead of [{expected}].";
            }
        }

        return null;
    }

    private string? Holds(ServiceRecord service)
    {
        var held = world.Engine.Holds.Keys.Where(name => name.StartsWith(service.Id, StringComparison.Ordinal)).Select(name => int.Parse(name.AsSpan(33), CultureInfo.InvariantCulture)).ToList();
        var isGone = service.Status == ServiceStatus.Deleted;
        if (held.Where(number => isGone || number != service.ActiveRevision && number != service.PreviousRevision).ToList() is { Count: > 0 } needless)
        {
            return $"{service.Name} is {service.Status} with revision {service.ActiveRevision} and still holds the images of {string.Join(", ", needless)}.";
        }

        return !isGone && service.ActiveRevision is { } active && !held.Contains(active) ? $"{service.Name} does not hold the image of its revision {active}." : null;
    }

    private static string Ids(IEnumerable<string> ids) => string.Join(' ', ids.Order(StringComparer.Ordinal));

    private static string Text(IEnumerable<SimulatedInstance> instances) =>
        string.Join(", ", instances.Select(instance => $"{instance.Short} of revision {instance.Identity.Revision}: {instance.Holder}/{instance.Container}{(instance.IsProven ? " proven" : "")}"));
}
