using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Deployments;

/// <summary>When a revision is a canary, how it is scaled, and when it has failed.</summary>
internal static class CanaryRules
{
    /// <summary>
    /// Whether the operation's revision is to take its part beside the active one instead of the active one's place. A rollback is for when something is
    /// wrong, a resume has nothing to be compared with, and what only has new secrets is nothing new: they take all.
    /// </summary>
    public static bool BecomesCanary(ServiceSituation situation, OperationRecord operation) =>
        !situation.Settings.PromotesCanaries
        && situation.Service.ActiveRevision is { } active
        && active != operation.Revision
        && operation is { Type: OperationType.UpdateService or OperationType.StartDeployment, IsRollback: false, IsPromotion: false, RefreshReason: null };

    /// <summary>The canary that is to run now; null for none.</summary>
    public static int? Standing(ServiceRecord service) => service.CanaryRevision != service.ActiveRevision ? service.CanaryRevision : null;

    /// <summary>
    /// One instance is enough to begin with, and it grows to its share of what the service may have. What is prepared for bursts is the active revision's,
    /// which has to be able to take everything.
    /// </summary>
    public static ScalingPolicy Policy(ScalingPolicy whole, int percent) => whole with
    {
        MinSize = Math.Min(whole.MinSize, 1),
        MaxSize = Math.Max(1, Share(whole.MaxSize, percent)),
        MinActive = Math.Min(whole.MinActive, 1),
        Prepared = 0,
    };

    /// <summary>How many of so many, rounded up.</summary>
    public static int Share(int whole, int percent) => (int)((((long)whole * percent) + 99) / 100);

    /// <summary>
    /// Why the canary has failed; null while it has not. One instance that ends or falls ill is enough: nobody needs the canary but to learn exactly this. What
    /// the engine could not start is tried again as often as in a deployment.
    /// </summary>
    public static string? Failure(ServiceSituation situation)
    {
        if (Standing(situation.Service) is not { } canary || !IsWatched(situation, canary))
        {
            return null;
        }

        if (!situation.Revisions.ContainsKey(canary))
        {
            return $"Revision {canary} is not in the store any more.";
        }

        var ill = situation.Instances
            .Where(instance => instance.Revision == canary && instance is { Phase: InstancePhase.Running, Health.Status: HealthStatus.Unhealthy })
            .OrderBy(instance => instance.Id, StringComparer.Ordinal)
            .FirstOrDefault();
        if (ill is not null)
        {
            return $"Instance {ill.Id[..Math.Min(8, ill.Id.Length)]} was unhealthy: {ill.Health.LastProblem}.";
        }

        return situation.Failures.TryGetValue(canary, out var failures)
            && !(failures.LastAt < situation.Service.CanarySince)
            && (failures.HasRun || failures.IsCertain || failures.Count >= DeploymentDefaults.StartAttempts)
                ? failures.Reason
                : null;
    }

    /// <summary>Its own operation judges it itself, and what is to end anyway is not judged.</summary>
    private static bool IsWatched(ServiceSituation situation, int canary) => situation switch
    {
        { Service.Status: ServiceStatus.Running } => true,
        { Service.Status: ServiceStatus.OperationInProgress, Operation: { HasEnded: false, Type: OperationType.UpdateService or OperationType.StartDeployment } operation } => operation.Revision != canary,
        _ => false,
    };
}
