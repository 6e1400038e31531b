using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Deployments;

/// <summary>What the gateways shall serve for a situation.</summary>
internal static class RoutePlanner
{
    /// <summary>
    /// Only healthy instances of the active revision and of the canary take requests (of the previous one, while a switch is under way and the new one has fallen).
    /// What took requests before and no longer does drains until its time is up; with more than <see cref="DeploymentDefaults.MaxDrainingRevisions"/> revisions draining the oldest ones' time is up now.
    /// </summary>
    public static ServiceRoute Desired(ServiceSituation situation, WantedInstances wanted, DateTimeOffset now)
    {
        var service = situation.Service;
        var serving = Listed(situation, instance => wanted.MayServe(instance) && (instance.IsHealthy || wanted.Wakes(instance)));
        return new ServiceRoute
        {
            ServiceId = service.Id,
            ServiceName = service.Name,
            ServiceArn = service.Arn,
            Hosts = situation.Hosts,
            Rules = [.. situation.Settings.Hosts.Select(host => new RouteRule(host, situation.Settings.Path))],
            Availability = Availability(situation, wanted, serving.Count),
            Instances = serving,
            Canary = Canary(situation, wanted),
            Draining = Draining(situation, wanted, now),
            Resting = Listed(situation, instance => wanted.Keeps(instance) && wanted.Rests(instance)),
            NoWakePaths = situation.Settings.NoWakePaths,
            Limits = Limits(situation),
            Access = situation.Settings.Access,
            Stickiness = situation.Settings.Stickiness,
        };
    }

    public static bool Same(ServiceRoute? one, ServiceRoute other) =>
        one is not null
        && one.ServiceName == other.ServiceName
        && one.Availability == other.Availability
        && one.Limits == other.Limits
        && one.Access == other.Access
        && one.Stickiness == other.Stickiness
        && one.Hosts.SequenceEqual(other.Hosts, StringComparer.Ordinal)
        && one.Rules.SequenceEqual(other.Rules)
        && one.Instances.SequenceEqual(other.Instances)
        && one.Canary == other.Canary
        && one.Draining.SequenceEqual(other.Draining)
        && one.Resting.SequenceEqual(other.Resting)
        && one.NoWakePaths.SequenceEqual(other.NoWakePaths, StringComparer.Ordinal);

    /// <summary>
    /// Whether the instance has requests, took them by the last route, or may have: before the first route nobody knows, and of what ran before this process
    /// nobody knows before the gateways have reported. The gateways have forgotten a deleted
    /// service; what appears of it later was started by a control plane that is no more.
    /// </summary>
    public static bool MayHaveTraffic(ServiceSituation situation, ObservedInstance instance) =>
        situation.Service.Status != ServiceStatus.Deleted
        && (instance.DrainingSince is not null
            || instance.InFlight > 0
            || instance.InFlight is null && instance.StartedAt <= situation.WatchedSince
            || situation.AppliedRoute is not { } route
            || route.SendsTo(instance.Id)
            || route.Draining.Any(listed => listed.InstanceId == instance.Id)
            || route.Resting.Any(listed => listed.InstanceId == instance.Id));

    private static RouteAvailability Availability(ServiceSituation situation, WantedInstances wanted, int serving) => situation switch
    {
        { Service.Status: ServiceStatus.Paused } => RouteAvailability.Paused,
        { Operation: { Type: OperationType.PauseService, HasEnded: false } } => RouteAvailability.Paused,
        { Operation: { Type: OperationType.ResumeService, HasEnded: false } } when serving == 0 => RouteAvailability.Paused,
        _ when serving > 0 => RouteAvailability.Serving,
        _ when wanted.IsAsleep => RouteAvailability.Asleep,
        _ => RouteAvailability.Unavailable,
    };

    private static RouteCanary? Canary(ServiceSituation situation, WantedInstances wanted)
    {
        if (wanted.Canary is not { } number)
        {
            return null;
        }

        var revision = situation.Revisions[number];
        var serving = Listed(situation, instance => wanted.MayServeCanary(instance) && (instance.IsHealthy || wanted.Wakes(instance)));
        return new RouteCanary
        {
            Revision = number,
            Beside = situation.Service.ActiveRevision!.Value,
            Percent = wanted.LacksCanaries(situation) ? situation.AppliedRoute!.Canary!.Percent : situation.Settings.NewPercent,
            Availability = serving.Count > 0 ? RouteAvailability.Serving : wanted.IsCanaryAsleep ? RouteAvailability.Asleep : RouteAvailability.Unavailable,
            Instances = serving,
            MaxConcurrency = revision.Scaling.MaxConcurrency,
            Protocol = revision.Settings.Protocol,
        };
    }

    private static List<RouteInstance> Listed(ServiceSituation situation, Func<ObservedInstance, bool> which) =>
    [
        .. situation.Instances
            .Where(instance => which(instance) && instance.Endpoint is not null)
            .OrderBy(instance => instance.Id, StringComparer.Ordinal)
            .Select(instance => new RouteInstance(instance.Id, instance.Revision, instance.Endpoint!)),
    ];

    private static List<DrainingInstance> Draining(ServiceSituation situation, WantedInstances wanted, DateTimeOffset now)
    {
        var draining = situation.Instances
            .Where(instance => instance is { Phase: InstancePhase.Running, Endpoint: not null }
                && !wanted.Keeps(instance)
                && MayHaveTraffic(situation, instance))
            .OrderByDescending(instance => instance.Revision)
            .ThenBy(instance => instance.Id, StringComparer.Ordinal)
            .ToList();
        var oldest = draining.Select(instance => instance.Revision).Distinct().Skip(DeploymentDefaults.MaxDrainingRevisions).ToHashSet();
        return
        [
            .. draining.Select(instance => new DrainingInstance(
                instance.Id,
                instance.Revision,
                instance.Endpoint!,
                oldest.Contains(instance.Revision)
                    ? instance.DrainingSince ?? now
                    : (instance.DrainingSince ?? now) + situation.Settings.DrainTimeout)),
        ];
    }

    private static RouteLimits Limits(ServiceSituation situation)
    {
        var active = situation.Service.ActiveRevision is { } number && situation.Revisions.TryGetValue(number, out var revision) ? revision : null;
        return new RouteLimits
        {
            MaxConcurrency = active?.Scaling.MaxConcurrency ?? 100,
            MaxStreams = situation.Settings.MaxStreams,
            RequestTimeout = situation.Settings.RequestTimeout,
            QueueLength = situation.Settings.QueueLength,
            QueueTimeout = situation.Settings.QueueTimeout,
            Protocol = active?.Settings.Protocol ?? InstanceProtocol.Http1,
        };
    }
}
