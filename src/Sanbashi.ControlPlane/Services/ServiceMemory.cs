using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Schedules;

namespace Sanbashi.ControlPlane.Services;

/// <summary>
/// What a reconciler remembers between plans. All of it may be lost: after a restart it is found out anew or begins at its first value.
/// Only the reconciler's own loop touches it, and the ends of the tasks it began, which are queued to that loop.
/// </summary>
internal sealed class ServiceMemory
{
    /// <summary>When the engine first showed what it has; null before.</summary>
    public DateTimeOffset? WatchedSince { get; set; }

    public Dictionary<int, RevisionRecord> Revisions { get; } = [];

    public Dictionary<int, StartFailures> Failures { get; } = [];

    /// <summary>Revisions whose instances end again and again, with the end that was told.</summary>
    public Dictionary<int, InstanceExit> CrashLoops { get; } = [];

    /// <summary>Crash loops that are over and not told yet: the number of ends.</summary>
    public Queue<int> Recoveries { get; } = [];

    public Dictionary<string, DateTimeOffset> DrainingSince { get; } = new(StringComparer.Ordinal);

    /// <summary>When an instance was thawed: its health counts from there.</summary>
    public Dictionary<string, DateTimeOffset> ThawedAt { get; } = new(StringComparer.Ordinal);

    /// <summary>Thawed to take requests, and not seen running since: they were well when they were frozen.</summary>
    public HashSet<string> Woken { get; } = new(StringComparer.Ordinal);

    /// <summary>Instances with an engine call under way, and what it does to them.</summary>
    public Dictionary<string, PlannedAction> Busy { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DateTimeOffset> EjectedAt { get; } = new(StringComparer.Ordinal);

    /// <summary>What was last told of the serving revision's scale.</summary>
    public ToldScale Serving { get; } = new();

    /// <summary>What was last told of the canary's scale.</summary>
    public ToldScale Canary { get; } = new();

    /// <summary>The canary's share that the gateways were last seen to give it, and which revision that was.</summary>
    public (int Revision, int Percent)? SeenShare { get; set; }

    /// <summary>What the instances of each revision use, while the settings ask for it.</summary>
    public Dictionary<int, UsageLedger> Usage { get; } = [];

    /// <summary>The scheduled minimum that was last looked at; null before the first.</summary>
    public ScheduledMinimum? ToldSchedule { get; set; }

    public ImagePreparation ImagePreparation { get; set; } = ImagePreparation.NotStarted;

    public ServiceRoute? AppliedRoute { get; set; }

    public bool IsPublishing { get; set; }

    /// <summary>The engine did not answer a call of ours; nothing is planned before this moment.</summary>
    public DateTimeOffset? EngineRestUntil { get; set; }

    /// <summary>An instance could not be made to stand by; none is tried before this moment.</summary>
    public DateTimeOffset? StandbyRestUntil { get; set; }

    public int StopRefusals { get; set; }

    public string? StopRefusalReason { get; set; }

    /// <summary>The operation that failures and image preparation belong to.</summary>
    public string? OperationId { get; set; }

    /// <summary>Unknown revisions that were reported, once each.</summary>
    public HashSet<int> ReportedUnknown { get; } = [];

    /// <summary>A new operation starts with a clean slate.</summary>
    public void BeginOperation(string? operationId, int? revision)
    {
        if (operationId == OperationId)
        {
            return;
        }

        OperationId = operationId;
        ImagePreparation = ImagePreparation.NotStarted;
        StopRefusals = 0;
        StopRefusalReason = null;
        if (operationId is not null && revision is { } number)
        {
            Failures.Remove(number);
            CrashLoops.Remove(number);
        }
    }

    public void Forget(string instanceId)
    {
        DrainingSince.Remove(instanceId);
        ThawedAt.Remove(instanceId);
        Woken.Remove(instanceId);
        EjectedAt.Remove(instanceId);
    }
}
