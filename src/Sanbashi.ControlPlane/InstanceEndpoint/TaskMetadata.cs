using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Logs.Api;
using Sanbashi.ControlPlane.Logs.Files;
using Sanbashi.Domain.Identity;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.InstanceEndpoint;

/// <summary>An instance as ECS would describe its task: what applications and SDKs look for in it. Pure.</summary>
internal static class TaskMetadata
{
    /// <summary>There are no clusters; ARNs need a name for one.</summary>
    private const string Cluster = "sanbashi";

    private const int CpuUnitsPerCore = 1024;

    public static string DockerId(InstanceCaller caller, int container) => string.Create(CultureInfo.InvariantCulture, $"{caller.Instance.Identity.InstanceId}-{container}");

    /// <summary>The container that asks: the main one, since instances have no other.</summary>
    public static JsonObject Container(InstanceCaller caller) => Container(caller, 0);

    public static JsonObject Task(InstanceCaller caller)
    {
        var definition = caller.Revision.Definition;
        var started = Moment(caller.Instance.StartedAt);
        return new JsonObject
        {
            ["Cluster"] = Arn(caller.Service.Scope, $"cluster/{Cluster}"),
            ["TaskARN"] = TaskArn(caller),
            ["Family"] = caller.Service.Name,
            ["Revision"] = Revision(caller),
            ["ServiceName"] = caller.Service.Name,
            ["DesiredStatus"] = "RUNNING",
            ["KnownStatus"] = "RUNNING",
            ["Limits"] = new JsonObject { ["CPU"] = definition.CpuUnits / (double)CpuUnitsPerCore, ["Memory"] = definition.MemoryMegabytes },
            ["PullStartedAt"] = started,
            ["PullStoppedAt"] = started,
            ["AvailabilityZone"] = $"{caller.Service.Scope.Region}a",
            ["LaunchType"] = "FARGATE",
            ["Containers"] = new JsonArray([.. caller.Instance.Containers.Select((_, index) => Container(caller, index))]),
        };
    }

    /// <summary>Null before the instance was first looked at, as in ECS.</summary>
    public static JsonObject? Stats(ResourceSample? sample) => sample is null
        ? null
        : new JsonObject
        {
            ["read"] = Moment(sample.At),
            ["cpu_stats"] = new JsonObject { ["cpu_usage"] = new JsonObject { ["total_usage"] = sample.CpuTime.Ticks * TimeSpan.NanosecondsPerTick } },
            ["memory_stats"] = new JsonObject { ["usage"] = sample.MemoryBytes, ["limit"] = (long)(sample.MemoryBytes / Math.Max(sample.MemoryFraction, double.Epsilon)) },
        };

    private static JsonObject Container(InstanceCaller caller, int index)
    {
        var (service, definition) = (caller.Service, caller.Revision.Definition);
        var container = caller.Instance.Containers[index];
        return new JsonObject
        {
            ["DockerId"] = DockerId(caller, index),
            ["Name"] = container.Name,
            ["DockerName"] = container.Name,
            ["Image"] = definition.Image.Identifier,
            ["ImageID"] = caller.Revision.Image?.ImageId,
            ["Labels"] = new JsonObject
            {
                ["com.amazonaws.ecs.cluster"] = Arn(service.Scope, $"cluster/{Cluster}"),
                ["com.amazonaws.ecs.container-name"] = container.Name,
                ["com.amazonaws.ecs.task-arn"] = TaskArn(caller),
                ["com.amazonaws.ecs.task-definition-family"] = service.Name,
                ["com.amazonaws.ecs.task-definition-version"] = Revision(caller),
            },
            ["DesiredStatus"] = "RUNNING",
            ["KnownStatus"] = container.State is EngineContainerState.Exited ? "STOPPED" : "RUNNING",
            ["Limits"] = new JsonObject { ["CPU"] = definition.CpuUnits, ["Memory"] = definition.MemoryMegabytes },
            ["CreatedAt"] = Moment(container.StartedAt),
            ["StartedAt"] = Moment(container.StartedAt),
            ["Type"] = "NORMAL",
            ["LogDriver"] = "awslogs",
            ["LogOptions"] = new JsonObject
            {
                ["awslogs-group"] = new LogGroupName(service.Name, service.Id, LogGroup.Application).ToString(),
                ["awslogs-region"] = service.Scope.Region,
                ["awslogs-stream"] = LogFolder.InstancePrefix + caller.Instance.Identity.InstanceId,
            },
            ["ContainerARN"] = Arn(service.Scope, $"container/{Cluster}/{caller.Instance.Identity.InstanceId}/{container.Name}"),
            ["Networks"] = new JsonArray(new JsonObject { ["NetworkMode"] = "awsvpc", ["IPv4Addresses"] = new JsonArray(caller.Address) }),
        };
    }

    private static string TaskArn(InstanceCaller caller) => Arn(caller.Service.Scope, $"task/{Cluster}/{caller.Instance.Identity.InstanceId}");

    private static string Revision(InstanceCaller caller) => caller.Revision.Number.ToString(CultureInfo.InvariantCulture);

    private static string Arn(ResourceScope scope, string resource) => $"arn:aws:ecs:{scope.Region}:{scope.Account}:{resource}";

    private static string? Moment(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
