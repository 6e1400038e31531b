using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Deployments;

/// <summary>Decides when a deployment has failed for certain, and says why.</summary>
internal static class DeploymentVerdict
{
    /// <summary>Null while it can still succeed; the plan then wakes when that may change.</summary>
    public static string? Failure(ServiceSituation situation, RevisionRecord target, PlanBuilder plan)
    {
        if (situation.ImagePreparation.Failure is { } image)
        {
            return image;
        }

        if (situation.Failures.TryGetValue(target.Number, out var failures) && (failures.IsCertain || failures.Count >= DeploymentDefaults.StartAttempts))
        {
            return failures.Reason;
        }

        var running = situation.Instances.Where(instance => instance.Revision == target.Number && instance.Phase == InstancePhase.Running);
        foreach (var instance in running.OrderBy(instance => instance.Id, StringComparer.Ordinal))
        {
            if (instance.Health.Status == HealthStatus.Unhealthy)
            {
                return $"{Probe(target)} was answered and then failed: {instance.Health.LastProblem}.";
            }

            if (instance.Health.Status == HealthStatus.Unproven && NeverHealthy(situation, instance, target, plan) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static string? NeverHealthy(ServiceSituation situation, ObservedInstance instance, RevisionRecord target, PlanBuilder plan)
    {
        var check = target.Definition.HealthCheck;
        var port = target.Definition.Image.Port;
        if (instance.Health.AnswersBadlySince is { } since && instance.Health.Failures >= check.UnhealthyThreshold && plan.IsDue(since + check.FailureBudget()))
        {
            return $"{Probe(target)} failed {instance.Health.Failures} times in a row: {instance.Health.LastProblem}. "
                + "Make the application answer there with a status from 200 to 399, or change the health check.";
        }

        if (instance is { OtherPorts.Count: > 0, OtherPortsSince: { } listening } && !target.Settings.StartTimeoutIsExplicit
            && plan.IsDue(Earlier(listening + DeploymentDefaults.OtherPortGrace, EndOfStart(situation, instance, target))))
        {
            return OtherPort(instance, port);
        }

        if (!plan.IsDue(EndOfStart(situation, instance, target)))
        {
            return null;
        }

        return instance.OtherPorts.Count > 0
            ? OtherPort(instance, port)
            : $"{Probe(target)} did not succeed within {target.Settings.StartTimeout.TotalSeconds:0} seconds: {instance.Health.LastProblem ?? "no probe was answered"}. "
                + $"Make the application listen on port {port} of all addresses (0.0.0.0; the variable PORT carries the number), or raise the setting start-timeout.";
    }

    /// <summary>A control plane that was away for longer has to probe an instance before it can say anything of it.</summary>
    private static DateTimeOffset EndOfStart(ServiceSituation situation, ObservedInstance instance, RevisionRecord target)
    {
        var (end, probed) = (instance.StartedAt + target.Settings.StartTimeout, situation.WatchedSince + DeploymentDefaults.SettleTime(target.Definition.HealthCheck));
        return end > probed ? end : probed;
    }

    private static string OtherPort(ObservedInstance instance, int port) =>
        $"The application does not listen on port {port}, but on {string.Join(", ", instance.OtherPorts)}. "
        + $"Set the service's port to {instance.OtherPorts[0]}, or make the application listen on the port that the variable PORT names.";

    private static string Probe(RevisionRecord target)
    {
        var check = target.Definition.HealthCheck;
        return check.Protocol == HealthCheckProtocol.Http
            ? $"The health check on protocol `HTTP` [Path: '{check.Path}'], [Port: '{target.Definition.Image.Port}']"
            : $"The health check on protocol `TCP` [Port: '{target.Definition.Image.Port}']";
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
