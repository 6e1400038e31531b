using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Deployments;

/// <summary>Everything the planner looks at: what is wanted and what is seen of one service.</summary>
public sealed record ServiceSituation
{
    public required ServiceRecord Service { get; init; }

    /// <summary>The operation in progress.</summary>
    public OperationRecord? Operation { get; init; }

    /// <summary>At least the active, the canary, the previous and the operation's revision, and those of all instances as far as they are known.</summary>
    public required IReadOnlyDictionary<int, RevisionRecord> Revisions { get; init; }

    public required IReadOnlyList<ObservedInstance> Instances { get; init; }

    /// <summary>The engine answers and <see cref="Instances"/> is what it has.</summary>
    public required bool EngineAnswers { get; init; }

    public bool CanFreeze { get; init; } = true;

    /// <summary>The last route that all gateways serve; null when none was published since this process started.</summary>
    public ServiceRoute? AppliedRoute { get; init; }

    /// <summary>A route is being published.</summary>
    public bool IsPublishing { get; init; }

    public required IReadOnlyList<string> Hosts { get; init; }

    public required ServiceSettings Settings { get; init; }

    /// <summary>The serving revision's load over all gateways.</summary>
    public ServiceDemand Demand { get; init; } = ServiceDemand.Unknown;

    /// <summary>The canary's load over all gateways.</summary>
    public ServiceDemand CanaryDemand { get; init; } = ServiceDemand.Unknown;

    /// <summary>What the awake instances of each revision use; only where the settings ask for it.</summary>
    public IReadOnlyDictionary<int, InstanceUsage> Usage { get; init; } = new Dictionary<int, InstanceUsage>();

    /// <summary>Memory that the machine has available; null where that is not known.</summary>
    public long? FreeMemory { get; init; }

    /// <summary>The control plane is about to stop: nobody would wake what sleeps.</summary>
    public bool IsClosing { get; init; }

    /// <summary>Start failures by revision, since the last instance of it that stayed healthy.</summary>
    public IReadOnlyDictionary<int, StartFailures> Failures { get; init; } = new Dictionary<int, StartFailures>();

    public ImagePreparation ImagePreparation { get; init; } = ImagePreparation.NotStarted;

    /// <summary>An instance could not be made to stand by; until then none is tried.</summary>
    public DateTimeOffset? StandbyRestUntil { get; init; }

    /// <summary>Instances that a gateway could not connect to.</summary>
    public IReadOnlyCollection<string> Ejected { get; init; } = [];

    /// <summary>Since when this process sees the service's instances.</summary>
    public required DateTimeOffset WatchedSince { get; init; }

    /// <summary>The engine refused to remove instances this many times in a row.</summary>
    public int StopRefusals { get; init; }

    /// <summary>Why it refused, as words.</summary>
    public string? StopRefusalReason { get; init; }

    /// <summary>Revisions whose image is held though nothing needs it any more.</summary>
    public IReadOnlyList<int> HeldRevisions { get; init; } = [];
}

/// <param name="Count">Instances of the revision that ended or could not be started, in a row.</param>
/// <param name="LastAt">When the last one did.</param>
/// <param name="Reason">What a person should know of the last one.</param>
/// <param name="IsCertain">Another attempt would find the same.</param>
/// <param name="HasRun">The last one had been started, and ended or fell ill by itself; otherwise the engine could not start it.</param>
public sealed record StartFailures(int Count, DateTimeOffset LastAt, string Reason, bool IsCertain, bool HasRun = true);

/// <param name="Failure">Set when it failed for good.</param>
public sealed record ImagePreparation(bool IsRunning, string? Failure)
{
    public static ImagePreparation NotStarted { get; } = new(false, null);
}
