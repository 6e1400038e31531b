using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Tests.Deployments;

/// <summary>Situations to plan for. The moment is always <see cref="Now"/> unless a test moves it.</summary>
internal static class Given
{
    public const string ServiceId = "00000000000000000000000000000abc";

    public static readonly DateTimeOffset Now = new(2026, 6, 12, 8, 0, 0, TimeSpan.Zero);

    public static readonly PinnedImage Image = new("sha256:01", null, "sha256:01");

    private static readonly ServiceDefinition _definition = new()
    {
        Image = new ImageSource { Identifier = "app:1", RepositoryType = "ECR" },
        AutoScalingConfigurationArn = "arn",
    };

    /// <summary>A service whose first deployment has just been asked for; its image is not resolved.</summary>
    public static ServiceSituation Creating(int minSize = 1) => new ServiceSituation
    {
        Service = Service(ServiceStatus.OperationInProgress) with { LastRevision = 1 },
        Revisions = new Dictionary<int, RevisionRecord> { [1] = Revision(1, minSize) with { Image = null } },
        Instances = [],
        EngineAnswers = true,
        Hosts = ["app.sanbashi.localhost"],
        Settings = ServiceSettings.Default,
        WatchedSince = Now.AddHours(-1),
    }.During(OperationType.CreateService, 1);

    /// <summary>A service that runs well: <paramref name="minSize"/> healthy instances of revision 1, named a, b, ..., are routed.</summary>
    public static ServiceSituation Running(int minSize = 1)
    {
        var situation = new ServiceSituation
        {
            Service = Service(ServiceStatus.Running) with { LastRevision = 1, ActiveRevision = 1 },
            Revisions = new Dictionary<int, RevisionRecord> { [1] = Revision(1, minSize) },
            Instances = [.. Enumerable.Range(0, minSize).Select(index => Healthy(((char)('a' + index)).ToString(), 1))],
            EngineAnswers = true,
            Hosts = ["app.sanbashi.localhost"],
            Settings = ServiceSettings.Default,
            WatchedSince = Now.AddHours(-1),
        };
        return situation.Routed();
    }

    /// <summary>Revision 1 serves, an operation brings revision 2 up; its image is there.</summary>
    public static ServiceSituation Deploying(int minSize = 1, OperationType type = OperationType.StartDeployment) =>
        Running(minSize).With(Revision(2, minSize)).During(type, 2);

    /// <summary>Revision 2 serves with instance b; revision 1's instance a is frozen for another five minutes.</summary>
    public static ServiceSituation Switched() =>
        (Running() with
        {
            Service = Service(ServiceStatus.Running) with { LastRevision = 2, ActiveRevision = 2, PreviousRevision = 1, PreviousKeptUntil = Now.AddMinutes(5) },
        }).With(Revision(2)).WithInstances(Healthy("a", 1) with { Phase = InstancePhase.Frozen }, Healthy("b", 2)).Routed();

    public static ServiceRecord Service(ServiceStatus status) => new()
    {
        Scope = new ResourceScope("000000000000", "local-1"),
        Id = ServiceId,
        Name = "app",
        HostLabel = "app",
        Status = status,
        CreatedAt = Now.AddDays(-1),
        UpdatedAt = Now.AddDays(-1),
        Definition = _definition,
    };

    public static RevisionRecord Revision(int number, int minSize = 1) => new()
    {
        ServiceId = ServiceId,
        Number = number,
        CreatedAt = Now.AddDays(-1).AddMinutes(number),
        Definition = _definition,
        Scaling = new ScalingLimits(MinSize: minSize),
        Settings = ServiceSettings.Default,
        Image = Image,
    };

    /// <summary>Runs for a minute; nothing is known of its health.</summary>
    public static ObservedInstance Unproven(string id, int revision) => new()
    {
        Id = id,
        Revision = revision,
        Phase = InstancePhase.Running,
        Endpoint = $"10.0.0.{revision}:{(int)id[0]}",
        StartedAt = Now.AddMinutes(-1),
    };

    public static ObservedInstance Healthy(string id, int revision) => Unproven(id, revision) with
    {
        Health = new HealthState { Status = HealthStatus.Healthy, Successes = 5, HealthySince = Now.AddSeconds(-50) },
        InFlight = 0,
    };

    public static ObservedInstance Unhealthy(string id, int revision) => Unproven(id, revision) with
    {
        Health = new HealthState { Status = HealthStatus.Unhealthy, Failures = 5, LastProblem = "connection refused" },
        InFlight = 0,
    };

    public static ObservedInstance Exited(string id, int revision) => Unproven(id, revision) with { Phase = InstancePhase.Exited, Exit = new InstanceExit(1, false, null) };

    public static ServiceSituation With(this ServiceSituation situation, RevisionRecord revision) => situation with
    {
        Revisions = new Dictionary<int, RevisionRecord>(situation.Revisions) { [revision.Number] = revision },
    };

    public static ServiceSituation WithInstances(this ServiceSituation situation, params ObservedInstance[] instances) => situation with { Instances = instances };

    /// <summary>Replaces the instance of the same id, or adds it.</summary>
    public static ServiceSituation With(this ServiceSituation situation, ObservedInstance instance) => situation with
    {
        Instances = [.. situation.Instances.Where(other => other.Id != instance.Id), instance],
    };

    public static ServiceSituation Without(this ServiceSituation situation, string instanceId) => situation with
    {
        Instances = [.. situation.Instances.Where(other => other.Id != instanceId)],
    };

    public static ServiceSituation During(this ServiceSituation situation, OperationType type, int? revision) => situation with
    {
        Service = situation.Service with { Status = ServiceStatus.OperationInProgress, OperationId = "op" },
        Operation = new OperationRecord
        {
            Id = "op",
            ServiceId = ServiceId,
            Type = type,
            Status = OperationStatus.InProgress,
            StartedAt = Now.AddMinutes(-1),
            UpdatedAt = Now.AddMinutes(-1),
            TargetArn = situation.Service.Arn,
            Revision = revision,
        },
    };

    /// <summary>The gateways serve what is planned for the situation.</summary>
    public static ServiceSituation Routed(this ServiceSituation situation)
    {
        var unsettled = situation with { AppliedRoute = null, WatchedSince = DateTimeOffset.MinValue };
        return situation with { AppliedRoute = unsettled.Plan().Route() };
    }

    public static ServiceSituation WithFailures(this ServiceSituation situation, int revision, StartFailures failures) => situation with
    {
        Failures = new Dictionary<int, StartFailures>(situation.Failures) { [revision] = failures },
    };

    public static ServicePlan Plan(this ServiceSituation situation, DateTimeOffset? now = null) => ServicePlanner.Plan(situation, now ?? Now);

    public static ServiceRoute Route(this ServicePlan plan) => plan.Actions.OfType<PublishRoute>().Single().Route;

    public static void ShouldBeNothing(this ServicePlan plan) => plan.Actions.ShouldBeEmpty();

    public static void ShouldBe(this ServicePlan plan, params PlannedAction[] actions) => plan.Actions.ShouldBe(actions);
}
