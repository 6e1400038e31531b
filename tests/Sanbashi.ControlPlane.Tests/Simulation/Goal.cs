using System.Globalization;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;

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
        var active = service.Status == ServiceStatus.Running ? present.Where(instance => instance.Identity.Revision == service.ActiveRevision).ToList() : [];
        var serving = active.Where(instance => !StandsBy(instance)).ToList();
        var canaries = service.Status == ServiceStatus.Running ? present.Where(instance => instance.Identity.Revision == service.CanaryRevision).ToList() : [];
        if (service is { Status: ServiceStatus.Running, CanaryRevision: { } canary } && CanaryDifference(service, canary, canaries) is { } wrong)
        {
            return wrong;
        }

        if (service.Status == ServiceStatus.Running && !IsStandbyWell(service, active.Count - serving.Count))
        {
            return $"{service.Name} has {active.Count - serving.Count} instances that stand by, found [{Text(present)}].";
        }

        var (least, most) = service.Status == ServiceStatus.Running ? Wanted(service) : (0, 0);
        if (serving.Count < least || serving.Count > most || serving.Any(instance => !IsAwake(instance) && !IsAsleep(instance)))
        {
            return $"{service.Name} is {service.Status} and wants {least} to {most} of revision {service.ActiveRevision}, found [{Text(present)}].";
        }

        if (world.Gateways.SelectMany(gateway => gateway.Find(service.Id)?.Instances.Values.AsEnumerable() ?? []).FirstOrDefault(seen => seen.Open.Count > 0 && world.Engine.Find(seen.Id)?.Container == PartState.Paused) is { } stuck)
        {
            return $"{stuck.Open.Count} requests wait on {stuck.Id[..8]} of {service.Name}, which is frozen.";
        }

        if (world.Invariants.IsQuiet && SettingsResolver.Of(service).Effective.Idle == IdleMode.Freeze && world.Faults.CanFreeze && serving.Concat(canaries).FirstOrDefault(instance => !IsAsleep(instance)) is { } idle)
        {
            return $"{idle.Short} of {service.Name} has had no requests for long and is not frozen.";
        }

        var others = present.Except(active).Except(canaries).Where(instance => !isPreviousKept || instance is not { Container: PartState.Paused } || instance.Identity.Revision != service.PreviousRevision).ToList();
        return others.Count > 0 ? $"{service.Name} is {service.Status} with revision {service.ActiveRevision}, found as well [{Text(others)}]." : null;
    }

    /// <summary>With users it is the load's doing how many there are; without, only the minimum is left.</summary>
    private (int Least, int Most) Wanted(ServiceRecord service)
    {
        var policy = ScalingPolicy.Of(world.Invariants.Revision(service.Id, service.ActiveRevision!.Value).Scaling, SettingsResolver.Of(service).Effective);
        var least = Math.Max(policy.MinSize, Math.Min(policy.Prepared, policy.MaxSize));
        return (least, world.Invariants.IsQuiet ? least : policy.MaxSize);
    }

    /// <summary>It has at least one instance where the service has, and at most its share of what the service may have.</summary>
    private string? CanaryDifference(ServiceRecord service, int canary, List<SimulatedInstance> present)
    {
        var settings = SettingsResolver.Of(service).Effective;
        var policy = ScalingPolicy.Of(world.Invariants.Revision(service.Id, canary).Scaling, settings);
        var (least, most) = (Math.Min(1, policy.MinSize), Math.Max(1, (int)Math.Ceiling(policy.MaxSize * settings.NewPercent / 100.0)));
        return present.Count < least || present.Count > (world.Invariants.IsQuiet ? least : most) || present.Exists(instance => !IsAwake(instance) && !IsAsleep(instance))
            ? $"{service.Name} wants {least} to {most} of its canary, revision {canary}, found [{Text(present)}]."
            : null;
    }

    /// <summary>Nothing starts while nobody is there, so all that shall stand by is there; with users some of it may just have been used.</summary>
    private bool IsStandbyWell(ServiceRecord service, int count)
    {
        var policy = ScalingPolicy.Of(world.Invariants.Revision(service.Id, service.ActiveRevision!.Value).Scaling, SettingsResolver.Of(service).Effective);
        return world.Invariants.IsQuiet ? count == Math.Min(policy.Standby, policy.MaxSize - Wanted(service).Least) : count <= policy.Standby;
    }

    private static bool StandsBy(SimulatedInstance instance) => instance is { Holder: PartState.Running, Container: PartState.Created };

    private static bool IsAwake(SimulatedInstance instance) => instance.IsRunning && (instance.IsProven || instance.WasProvenBeforeItsSleep);

    private static bool IsAsleep(SimulatedInstance instance) => instance is { Holder: PartState.Running, Container: PartState.Paused, WasProvenBeforeItsSleep: true };

    private string? Routes(ServiceRecord service)
    {
        var serving = world.Engine.Instances
            .Where(instance => service.Status == ServiceStatus.Running && instance.Identity.ServiceId == service.Id && instance.Identity.Revision == service.ActiveRevision)
            .ToList();
        var availability = service.Status switch
        {
            ServiceStatus.Running when !serving.Exists(instance => instance.IsRunning) => RouteAvailability.Asleep,
            ServiceStatus.Running => RouteAvailability.Serving,
            ServiceStatus.Paused => RouteAvailability.Paused,
            _ => RouteAvailability.Unavailable,
        };
        var canaries = world.Engine.Instances
            .Where(instance => service.Status == ServiceStatus.Running && instance.Identity.ServiceId == service.Id && instance.Identity.Revision == service.CanaryRevision)
            .ToList();
        var expected = Ids(serving.Concat(canaries).Where(instance => instance.IsRunning).Select(instance => instance.Id));
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

            if (seen is not null && (seen.Route.Canary?.Revision != (service.Status == ServiceStatus.Running ? service.CanaryRevision : null)
                || seen.Route.Canary is { } share && share.Percent != SettingsResolver.Of(service).Effective.NewPercent))
            {
                return $"{gateway.Name} gives {seen.Route.Canary?.Percent}% of {service.Name} to {seen.Route.Canary?.Revision}, and the canary is {service.CanaryRevision}.";
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
        if (held.Where(number => isGone || number != service.ActiveRevision && number != service.CanaryRevision && number != service.PreviousRevision).ToList() is { Count: > 0 } needless)
        {
            return $"{service.Name} is {service.Status} with revision {service.ActiveRevision} and still holds the images of {string.Join(", ", needless)}.";
        }

        return !isGone && service.ActiveRevision is { } active && !held.Contains(active) ? $"{service.Name} does not hold the image of its revision {active}." : null;
    }

    private static string Ids(IEnumerable<string> ids) => string.Join(' ', ids.Order(StringComparer.Ordinal));

    private static string Text(IEnumerable<SimulatedInstance> instances) =>
        string.Join(", ", instances.Select(instance => $"{instance.Short} of revision {instance.Identity.Revision}: {instance.Holder}/{instance.Container}{(instance.IsProven ? " proven" : "")}"));
}
