using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Tests.Deployments;

/// <summary>Any situation that records, engine and gateways could be in, likely or not; one seed is one situation.</summary>
internal sealed class RandomSituation(int seed)
{
    private const int UnknownRevision = 9;

    private readonly Random _random = new(seed);

    public ServiceSituation Next()
    {
        var revisions = Enumerable.Range(1, 4).Where(_ => Chance(0.8)).ToDictionary(number => number, Revision);
        var service = Service();
        var instances = Enumerable.Range(0, _random.Next(7)).Select(index => Instance(((char)('a' + index)).ToString(), service)).ToList();
        var situation = new ServiceSituation
        {
            Service = service,
            Operation = service.Status == ServiceStatus.OperationInProgress ? Operation(service) : null,
            Revisions = revisions,
            Instances = instances,
            EngineAnswers = Chance(0.95),
            CanFreeze = Chance(0.8),
            IsPublishing = Chance(0.2),
            Hosts = ["app.sanbashi.localhost"],
            Settings = ServiceSettings.Default with { MinSize = Chance(0.3) ? _random.Next(0, 3) : null, Prepared = Chance(0.2) ? 2 : 0, Idle = Chance(0.8) ? IdleMode.Freeze : IdleMode.Active, NewPercent = Chance(0.5) ? 100 : _random.Next(0, 100) },
            Demand = Chance(0.3) ? ServiceDemand.Unknown : new ServiceDemand { InFlight = _random.Next(3), Waiting = Chance(0.2) ? _random.Next(300) : 0, KnownSince = Past(300) },
            CanaryDemand = Chance(0.3) ? ServiceDemand.Unknown : new ServiceDemand { InFlight = _random.Next(3), Waiting = Chance(0.2) ? _random.Next(300) : 0, KnownSince = Past(300) },
            IsClosing = Chance(0.05),
            Failures = revisions.Keys.Where(_ => Chance(0.2)).ToDictionary(number => number, _ => new StartFailures(_random.Next(1, 5), Past(100), "exit code 1", Chance(0.1))),
            ImagePreparation = Chance(0.1) ? new ImagePreparation(false, "no such image") : new ImagePreparation(Chance(0.3), null),
            Ejected = [.. instances.Where(_ => Chance(0.1)).Select(instance => instance.Id)],
            WatchedSince = Past(400),
            StopRefusals = Chance(0.1) ? 5 : 0,
            StopRefusalReason = "busy.",
            HeldRevisions = [.. Enumerable.Range(1, 4).Where(number => Chance(0.2) && number != service.ActiveRevision)],
        };
        return situation with { AppliedRoute = Chance(0.2) ? null : Route(situation) };
    }

    private ServiceRecord Service()
    {
        var status = Pick(ServiceStatus.Running, ServiceStatus.Running, ServiceStatus.OperationInProgress, ServiceStatus.OperationInProgress, ServiceStatus.OperationInProgress,
            ServiceStatus.Paused, ServiceStatus.CreateFailed, ServiceStatus.Deleted, ServiceStatus.DeleteFailed);
        int? active = status == ServiceStatus.CreateFailed || Chance(0.1) && status != ServiceStatus.Running ? null : _random.Next(1, 4);
        int? previous = active is null || Chance(0.3) ? null : _random.Next(1, 4);
        int? canary = active is null || Chance(0.6) ? null : _random.Next(1, 5);
        return Given.Service(status) with
        {
            ActiveRevision = active,
            PreviousRevision = previous == active ? null : previous,
            CanaryRevision = canary == active || canary == previous ? null : canary,
            CanarySince = canary is null ? null : Past(100),
            PreviousKeptUntil = Chance(0.5) ? Past(100) : Given.Now.AddSeconds(_random.Next(600)),
            DeletedAt = status == ServiceStatus.Deleted ? Past(7200) : null,
            LastRevision = 4,
        };
    }

    private OperationRecord Operation(ServiceRecord service)
    {
        var type = Pick(Enum.GetValues<OperationType>());
        return new OperationRecord
        {
            Id = "op",
            ServiceId = service.Id,
            Type = type,
            Status = type == OperationType.UpdateService && Chance(0.3) ? OperationStatus.RollbackInProgress : Pick(OperationStatus.Pending, OperationStatus.InProgress),
            StartedAt = Past(400),
            UpdatedAt = Past(400),
            TargetArn = service.Arn,
            Revision = type is OperationType.PauseService or OperationType.DeleteService ? null : type == OperationType.ResumeService ? service.ActiveRevision : _random.Next(1, 5),
            CancelRequested = Chance(0.1),
        } is var operation && type == OperationType.UpdateService && service.CanaryRevision is { } canary && Chance(0.4) ? operation with { Revision = canary, IsPromotion = true } : operation;
    }

    private RevisionRecord Revision(int number) => Given.Revision(number, _random.Next(1, 4)) with
    {
        Image = Chance(0.8) ? Given.Image : null,
        Settings = ServiceSettings.Default with { StartTimeoutIsExplicit = Chance(0.2) },
    };

    private ObservedInstance Instance(string id, ServiceRecord service)
    {
        var phase = Pick(InstancePhase.Running, InstancePhase.Running, InstancePhase.Running, InstancePhase.Starting, InstancePhase.Standby, InstancePhase.Frozen, InstancePhase.Exited, InstancePhase.Stopping);
        var health = Pick(Enum.GetValues<HealthStatus>());
        var otherPorts = health == HealthStatus.Unproven && Chance(0.2);
        return new ObservedInstance
        {
            Id = id,
            Revision = Chance(0.05) ? UnknownRevision : Chance(0.5) && service.ActiveRevision is { } active ? active : _random.Next(1, 5),
            Phase = phase,
            Endpoint = phase == InstancePhase.Starting ? null : $"10.0.0.1:{(int)id[0]}",
            StartedAt = Past(400),
            Health = phase != InstancePhase.Running ? HealthState.Unproven : new HealthState
            {
                Status = health,
                Failures = health == HealthStatus.Healthy ? 0 : _random.Next(9),
                AnswersBadlySince = health == HealthStatus.Unproven && Chance(0.3) ? Past(60) : null,
                HealthySince = health == HealthStatus.Healthy ? Past(100) : null,
            },
            Exit = phase == InstancePhase.Exited ? new InstanceExit(1, false, null) : null,
            InFlight = Pick<int?>(null, 0, 0, 2),
            DrainingSince = phase == InstancePhase.Running && Chance(0.2) ? Past(40) : null,
            IsBusy = phase == InstancePhase.Stopping || Chance(0.15),
            OtherPorts = otherPorts ? [3000] : [],
            OtherPortsSince = otherPorts ? Past(100) : null,
        };
    }

    /// <summary>What was published for something like this situation: the instances were running then.</summary>
    private ServiceRoute Route(ServiceSituation situation)
    {
        var listed = situation.Instances.Where(instance => instance.Phase is not InstancePhase.Frozen && instance.Endpoint is not null && Chance(0.5)).ToList();
        return new ServiceRoute
        {
            ServiceId = situation.Service.Id,
            ServiceName = situation.Service.Name,
            ServiceArn = situation.Service.Arn,
            Hosts = situation.Hosts,
            Availability = Pick(Enum.GetValues<RouteAvailability>()),
            Canary = situation.Service.CanaryRevision is not { } canary || Chance(0.3) ? null : new RouteCanary
            {
                Revision = canary,
                Beside = situation.Service.ActiveRevision ?? 1,
                Percent = Chance(0.5) ? situation.Settings.NewPercent : _random.Next(100),
                Availability = RouteAvailability.Serving,
                Instances = [.. listed.Where(instance => instance.DrainingSince is null && instance.Revision == canary).Select(instance => new RouteInstance(instance.Id, instance.Revision, instance.Endpoint!))],
                MaxConcurrency = 100,
                Protocol = InstanceProtocol.Http1,
            },
            Instances = [.. listed.Where(instance => instance.DrainingSince is null && instance.Revision != situation.Service.CanaryRevision).Select(instance => new RouteInstance(instance.Id, instance.Revision, instance.Endpoint!))],
            Draining =
            [
                .. listed.Where(instance => instance.DrainingSince is not null)
                    .Select(instance => new DrainingInstance(instance.Id, instance.Revision, instance.Endpoint!, instance.DrainingSince!.Value.AddSeconds(30))),
            ],
            Limits = new RouteLimits(),
        };
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];

    private DateTimeOffset Past(int seconds) => Given.Now.AddSeconds(-_random.Next(1, seconds));
}
