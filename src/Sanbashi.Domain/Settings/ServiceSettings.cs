using System.Text.Json.Serialization;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Schedules;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Settings;

/// <summary>The effective extension settings of a service (tags with the prefix <c>sanbashi:</c>, or the settings operation).</summary>
public sealed record ServiceSettings
{
    public static ServiceSettings Default { get; } = new();

    /// <summary>First byte of the request to last byte of the answer. Live.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Between SIGTERM and SIGKILL. By deployment.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a new instance may take until it is healthy. By deployment.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the start time-out was set on purpose: then nothing ends a start earlier on mere suspicion.</summary>
    public bool StartTimeoutIsExplicit { get; init; }

    /// <summary>How long an instance that takes no new requests may finish those it has. Live.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the gateway speaks to the instance. By deployment.</summary>
    public InstanceProtocol Protocol { get; init; } = InstanceProtocol.Http1;

    /// <summary>How the application gets its secrets. By deployment.</summary>
    public SecretsAs SecretsAs { get; init; } = SecretsAs.Variables;

    /// <summary>Who may call, and how often. Live.</summary>
    public RouteAccess Access { get; init; } = RouteAccess.Open;

    /// <summary>Live.</summary>
    public RouteStickiness Stickiness { get; init; } = RouteStickiness.None;

    /// <summary>Further host names. Live.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Where on these hosts the service begins. Live.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The share of the requests, in percent, that the revision of a new deployment takes; below 100 it is a canary until it is promoted. Live.</summary>
    public int NewPercent { get; init; } = TrafficSetting.All;

    /// <summary>WebSockets and event streams per instance, apart from its requests; null: they count as requests. Live.</summary>
    public int? MaxStreams { get; init; }

    /// <summary>Instances that stay provisioned, in place of the auto scaling configuration's number; null: that number. 0 lets the last one stop. Live.</summary>
    public int? MinSize { get; init; }

    /// <summary>Minimums for known peaks. Live, and so not stored with a revision, from where an expression could not be read back.</summary>
    [JsonIgnore]
    public ScalingSchedule Schedule { get; init; } = ScalingSchedule.None;

    /// <summary>What instances may use on average. Live.</summary>
    public UsageTargets ScaleOn { get; init; } = UsageTargets.None;

    /// <summary>What happens to an instance without requests. Live.</summary>
    public IdleMode Idle { get; init; } = IdleMode.Freeze;

    /// <summary>How long an instance goes without requests until it is frozen, or the last one is stopped. Live.</summary>
    public TimeSpan IdlePeriod { get; init; } = ScalingDefaults.IdlePeriod;

    /// <summary>How long the load must not have needed an instance until it is taken away. Live.</summary>
    public TimeSpan ScaleInAfter { get; init; } = ScalingDefaults.ScaleInAfter;

    /// <summary>Instances that are never frozen. Live.</summary>
    public int MinActive { get; init; }

    /// <summary>Instances that are kept started for a burst. Live.</summary>
    public int Prepared { get; init; }

    /// <summary>Instances that stand by, made but not started; null: one where the last instance may stop, otherwise none. Live.</summary>
    public int? Standby { get; init; }

    /// <summary>Requests that may wait for capacity. Live.</summary>
    public int QueueLength { get; init; } = 1000;

    /// <summary>How long a request may wait for capacity. Live.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Paths that wake nothing. Live.</summary>
    public IReadOnlyList<string> NoWakePaths { get; init; } = [];

    /// <summary>A new value of what the service reads is deployed at once. Live.</summary>
    public bool RedeploysForSecrets { get; init; } = true;

    /// <summary>By deployment.</summary>
    public IReadOnlyList<VolumeMount> Volumes { get; init; } = [];

    /// <summary>A new revision takes all requests, so nothing may stay a canary.</summary>
    public bool PromotesCanaries => NewPercent == TrafficSetting.All;

    /// <summary>Whether all settings that apply by deployment have the same values.</summary>
    public bool DeploysAs(ServiceSettings other) =>
        StopTimeout == other.StopTimeout && StartTimeout == other.StartTimeout && Protocol == other.Protocol && SecretsAs == other.SecretsAs && Volumes.SequenceEqual(other.Volumes);
}
