using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Deployments;

/// <summary>Numbers of the planner, each with its reason.</summary>
public static class DeploymentDefaults
{
    /// <summary>How long the previous revision's instances stay frozen for an instant rollback.</summary>
    public static readonly TimeSpan KeepPrevious = TimeSpan.FromMinutes(10);

    /// <summary>How long a deleted service can still be described; Terraform and CloudFormation look for the DELETED state.</summary>
    public static readonly TimeSpan KeepDeleted = TimeSpan.FromHours(1);

    /// <summary>Revisions of one service that may drain at the same time; the oldest is cut off beyond.</summary>
    public const int MaxDrainingRevisions = 3;

    /// <summary>An instance that ends gets this many attempts before its deployment fails: databases may still be starting.</summary>
    public const int StartAttempts = 3;

    /// <summary>
    /// After the gateways' own end of draining: for their close frames to leave, and for a gateway whose link was lost to come back and hear of it
    /// (it tries at least every two seconds).
    /// </summary>
    public static readonly TimeSpan DrainGrace = TimeSpan.FromSeconds(5);

    /// <summary>How long something may listen on other ports only before the start counts as failed, unless the start time-out was set on purpose: long enough for a slow application behind an early debug port.</summary>
    public static readonly TimeSpan OtherPortGrace = TimeSpan.FromSeconds(60);

    /// <summary>How long a control plane that has just started probes the instances that were there before, at least, until it judges them.</summary>
    public static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);

    /// <summary>An instance that stayed healthy this long wipes out earlier start failures.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(60);

    /// <summary>Refused removals in a row after which a deletion has failed.</summary>
    public const int StopAttempts = 5;

    /// <summary>As <see cref="SettleLimit"/>, and twice what a healthy instance needs to prove it: a probe may fail in between.</summary>
    public static TimeSpan SettleTime(HealthCheck check)
    {
        var proof = TimeSpan.FromSeconds(2 * check.IntervalSeconds * check.HealthyThreshold);
        return proof > SettleLimit ? proof : SettleLimit;
    }

    /// <summary>However often an application has ended, it is tried again after this: what it needs may be back.</summary>
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(60);

    /// <summary>The waiting time before another instance is started: none after the first failure, then 1 s, doubling to <see cref="LongestBackOff"/>.</summary>
    public static TimeSpan BackOff(int failures) =>
        failures <= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(LongestBackOff.TotalSeconds, Math.Pow(2, failures - 2)));
}
