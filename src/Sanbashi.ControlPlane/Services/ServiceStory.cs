using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Schedules;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Services;

/// <summary>
/// The words of the event log and the deployment logs. Where App Runner has a line for something, it is that line
/// (docs/app-runner-compatibility.md): people and scripts look for them.
/// </summary>
internal sealed class ServiceStory(IServiceLog log)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private string? _operationId;

    /// <param name="target">What the operation brings live, as far as it is known.</param>
    public void Begins(ServiceRecord service, OperationRecord operation, RevisionRecord? target, bool isContinued)
    {
        if (_operationId == operation.Id)
        {
            return;
        }

        _operationId = operation.Id;
        _told.Clear();
        if (isContinued)
        {
            Tell(service, operation, "The control plane was restarted; the operation goes on.");
            return;
        }

        Tell(service, operation, operation switch
        {
            { TakesBack: { } canary } => $"Rollback of the canary, revision {canary}, started.",
            { IsRollback: true } => $"Rollback to revision {operation.Revision}{Image(target)} started.",
            { IsPromotion: true } => $"Promotion of the canary, revision {operation.Revision}{Image(target)}, started.",
            { RefreshReason: { } reason } => $"{reason}: deploying what runs anew with it.",
            _ => $"{Noun(operation)} started.",
        });
        log.Event(service, "Service status is set to OPERATION_IN_PROGRESS.");
        if (operation.Type is OperationType.CreateService or OperationType.UpdateService && operation is { IsRollback: false, IsPromotion: false })
        {
            Tell(service, operation, "Deployment started.");
        }
    }

    public void PullsImage(ServiceRecord service, OperationRecord operation, RevisionRecord revision) =>
        Once(service, operation, "pull", $"Resolving image {revision.Definition.Image.Identifier}.");

    public void ImageProgress(ServiceRecord service, OperationRecord operation, ImageProgress progress) =>
        log.Deployment(service, operation.Id, progress.TotalBytes > 0
            ? $"[AppRunner] {progress.Message} ({progress.CurrentBytes / 1_000_000.0:0.0} of {progress.TotalBytes / 1_000_000.0:0.0} MB)"
            : $"[AppRunner] {progress.Message}");

    public void HasImage(ServiceRecord service, OperationRecord operation, ResolvedImage image)
    {
        Tell(service, operation, image.Pulled ? "Successfully pulled image." : "The image is on the machine already.");
        log.Deployment(service, operation.Id, $"[AppRunner] Deploying {image.Pinned}.");
        if (image.Warning is { } warning)
        {
            Tell(service, operation, warning);
        }
    }

    public void Provisions(ServiceRecord service, OperationRecord operation) =>
        Once(service, operation, "provision", "Provisioning instances and deploying image for publicly accessible service.");

    public void Probes(ServiceRecord service, OperationRecord operation, RevisionRecord revision)
    {
        var check = revision.Definition.HealthCheck;
        Once(service, operation, "probe", check.Protocol == HealthCheckProtocol.Http
            ? $"Performing health check on protocol `HTTP` [Path: '{check.Path}'], [Port: '{revision.Definition.Image.Port}']."
            : $"Performing health check on protocol `TCP` [Port: '{revision.Definition.Image.Port}'].");
    }

    public void LacksCredentials(ServiceRecord service, OperationRecord operation, string role) =>
        Once(service, operation, "credentials", $"Instances get no credentials of the role {role}: they cannot reach the platform. That takes a service without a VPC connector, an engine on this machine that is not rootless, and a platform that runs as root with the program nft.");

    public void SuspectsPort(ServiceRecord service, OperationRecord operation, int port, IReadOnlyList<int> others) =>
        Once(service, operation, "port", $"Nothing listens on port {port} yet, but the application listens on {string.Join(", ", others)}. Is the service's port right?");

    public void Switches(ServiceRecord service, OperationRecord operation) =>
        Tell(service, operation, "Health check is successful. Routing traffic to application.");

    public void BeginsCanary(ServiceRecord service, OperationRecord operation, int percent)
    {
        Tell(service, operation, "Health check is successful. Routing traffic to application.");
        Tell(service, operation, $"Revision {service.CanaryRevision} takes {percent}% of the requests as the canary, beside revision {service.ActiveRevision}.");
    }

    public void ChangesShare(ServiceRecord service, int percent) => log.Event(service, $"The canary, revision {service.CanaryRevision}, takes {percent}% of the requests.");

    public void WithdrawsCanary(ServiceRecord service, int canary, string reason) =>
        log.Event(service, $"The canary, revision {canary}, has failed and is withdrawn; revision {service.ActiveRevision} takes all requests again. Reason: {reason}");

    /// <param name="target">What the operation brought live, or was to.</param>
    public void Ends(ServiceRecord service, OperationRecord operation, RevisionRecord? target)
    {
        if (operation.Status == OperationStatus.RollbackInProgress)
        {
            FailureLines(service, operation);
            Tell(service, operation, operation.IsRollback || operation.IsPromotion
                ? $"Revision {service.ActiveRevision} goes on serving{(service.CanaryRevision is { } standing ? $", beside the canary, revision {standing}" : "")}."
                : "Rolling back: the previous configuration goes on serving.");
            return;
        }

        if (operation.Status == OperationStatus.Succeeded)
        {
            if (operation.Revision is not null)
            {
                Tell(service, operation, "Successfully routed incoming traffic to application.");
            }

            Tell(service, operation, operation switch
            {
                { TakesBack: { } canary } => $"Rollback completed successfully. The canary, revision {canary}, gets no more requests; revision {service.ActiveRevision} takes all of them again.",
                { IsRollback: true } => $"Rollback completed successfully. Revision {operation.Revision}{Image(target)} serves again.",
                { IsPromotion: true } => $"Promotion completed successfully. Revision {operation.Revision}{Image(target)} takes all requests.",
                { Revision: { } brought } when brought == service.CanaryRevision =>
                    $"{Noun(operation)} completed successfully. Revision {brought} is a canary until it is promoted (PromoteService) or taken back (RollbackService); revision {service.ActiveRevision} serves beside it.",
                { Type: OperationType.UpdateService } => "Service update completed successfully. New application and configuration is deployed.",
                _ => $"{Noun(operation)} completed successfully.",
            });
        }
        else if (operation.Status == OperationStatus.RollbackSucceeded)
        {
            Tell(service, operation, operation.IsRollback
                ? $"Rollback to revision {operation.Revision} failed; revision {service.ActiveRevision} serves. Reason: {operation.FailureReason}"
                : $"{Noun(operation)} failed and was rolled back. Reason: {operation.FailureReason}");
        }
        else
        {
            FailureLines(service, operation);
            Tell(service, operation, $"{Noun(operation)} failed.");
        }

        log.Event(service, $"Service status is set to {StatusText(service.Status)}.");
    }

    public void InstanceEnded(ServiceRecord service, OperationRecord? operation, string instanceId, InstanceExit exit, IReadOnlyList<string> lastLines)
    {
        Tell(service, operation, EndReason(instanceId, exit));
        Quote(service, operation, lastLines);
    }

    public static string EndReason(string instanceId, InstanceExit exit)
    {
        var what = exit switch
        {
            { OutOfMemory: true } => "It needed more memory than its size allows and was killed: choose a larger Memory, or make it use less.",
            { ExitCode: 127 } => "The start command was not found in the image: check StartCommand and the image's entrypoint.",
            { ExitCode: 126 } => "The start command cannot be executed: check its permissions and format.",
            { ExitCode: 139 } => "It crashed (segmentation fault).",
            { ExitCode: 137 } => "It was killed (SIGKILL), most often because it needed more memory than its size allows: choose a larger Memory, or make it use less.",
            { ExitCode: 143 } => "It was asked to stop (SIGTERM).",
            { ExitCode: 0 } => "It ended by itself without an error: a service has to keep running.",
            { Error: { Length: > 0 } error } => error,
            _ => "See the application log for why.",
        };
        var code = exit.ExitCode is { } number ? $" Container exit code: {number}." : "";
        return $"Your application stopped or failed to start on instance {Short(instanceId)}.{code} {what}";
    }

    /// <param name="ends">In a row.</param>
    public void CrashLoop(ServiceRecord service, string instanceId, InstanceExit exit, IReadOnlyList<string> lastLines, int ends, TimeSpan pause)
    {
        log.Event(service, $"Crash loop: the application ended {ends} times in a row. {EndReason(instanceId, exit)} "
            + $"It is started again in {pause.TotalSeconds:0} s, and then after growing pauses of at most {DeploymentDefaults.LongestBackOff.TotalSeconds:0} s; further ends like this one are not told.");
        Quote(service, null, lastLines);
    }

    public void Recovered(ServiceRecord service, int ends) =>
        log.Event(service, $"The crash loop is over: after {ends} ends in a row the application has been healthy for {DeploymentDefaults.StableAfter.TotalSeconds:0} s.");

    public void StartFailed(ServiceRecord service, OperationRecord? operation, string reason) =>
        Tell(service, operation, $"An instance could not be started. {reason}");

    public void Unhealthy(ServiceRecord service, OperationRecord? operation, string instanceId, string? problem) =>
        Tell(service, operation, $"Instance {Short(instanceId)} is unhealthy and is being replaced: {problem ?? "it never became healthy"}.");

    public void EngineRestarted(ServiceRecord service, int instances) =>
        log.Event(service, $"The container engine was restarted and ended {instances} instance(s) of this service. They are being started again.");

    public void EngineAway(ServiceRecord service, OperationRecord operation, string reason) =>
        Once(service, operation, "engine", $"The container engine does not answer ({reason}). The operation goes on as soon as it does.");

    public void ScalesOut(ServiceRecord service, int revision, int from, int to, ServiceDemand demand, int maxConcurrency, InstanceUsage? usage) =>
        log.Event(service, Whose(service, revision) + (from == 0
            ? $"A request came: starting {Count(to)}."
            : usage is not null
                ? $"Scaling out from {from} to {Count(to)}: together they use {usage.CpuPercent} % of an instance's CPU and {usage.MemoryPercent} % of its memory, which is more than scale-on allows."
            : demand.PeakOpen() is var open and > 0
                ? $"Scaling out from {from} to {Count(to)}: {open} requests at once, at most {maxConcurrency} on each instance."
                : $"Scaling out from {from} to {Count(to)}."));

    public void LacksMemory(ServiceRecord service, int revision, int instances, long lackedBytes) =>
        log.Event(service, $"{Whose(service, revision)}Scaling out stops at {Count(instances)}: the machine lacks {Math.Max(1, lackedBytes >> 20)} MB of free memory for more. Requests wait meanwhile; add memory, or lower MaxSize or what other services take.");

    public void ScalesIn(ServiceRecord service, int revision, int from, int to, TimeSpan idlePeriod) =>
        log.Event(service, Whose(service, revision) + (to == 0
            ? $"No requests for {DurationText.Format(idlePeriod)}: the last instance is being stopped, the next request starts one."
            : $"Scaling in from {from} to {Count(to)}."));

    private static string Whose(ServiceRecord service, int revision) => revision == service.CanaryRevision ? $"Canary, revision {revision}: " : "";

    public void Schedules(ServiceRecord service, ScheduledMinimum before, ScheduledMinimum scheduled) =>
        log.Event(service, scheduled.Entry is { } entry
            ? $"The schedule asks for at least {Count(scheduled.Instances)} from now on ({entry})."
            : $"The schedule no longer asks for {Count(before.Instances)} ({before.Entry}).");

    private static string Count(int instances) => instances == 1 ? "1 instance" : $"{instances} instances";

    public void UnknownRevision(ServiceRecord service, int revision) =>
        log.Event(service, $"Instances of revision {revision} run, but the store does not know that revision (was an older backup restored?). They are left alone; deploy again and remove them by hand, or delete the service.");

    public void Retired(ServiceRecord service, int revision, bool isFrozen) =>
        log.Event(service, isFrozen
            ? $"Revision {revision} has finished its requests and is kept frozen for an instant rollback."
            : $"Revision {revision} has finished its requests; its instances are being stopped.");

    private void FailureLines(ServiceRecord service, OperationRecord operation) =>
        Tell(service, operation, operation.CancelRequested
            ? $"Deployment with ID : {operation.Id} was cancelled."
            : $"Deployment with ID : {operation.Id} failed. Failure reason : {operation.FailureReason}");

    private void Quote(ServiceRecord service, OperationRecord? operation, IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            Tell(service, operation, $"  | {line}");
        }
    }

    private void Once(ServiceRecord service, OperationRecord operation, string key, string message)
    {
        if (_told.Add(key))
        {
            Tell(service, operation, message);
        }
    }

    private void Tell(ServiceRecord service, OperationRecord? operation, string message)
    {
        log.Event(service, message);
        if (operation is { Type: not (OperationType.PauseService or OperationType.DeleteService) })
        {
            log.Deployment(service, operation.Id, $"[AppRunner] {message}");
        }
    }

    /// <summary>The reference, and which image it meant then.</summary>
    private static string Image(RevisionRecord? revision) => revision switch
    {
        null => "",
        { Image: { } image } => $" ({revision.Definition.Image.Identifier}, image {ShortDigest(image.Digest ?? image.ImageId)})",
        _ => $" ({revision.Definition.Image.Identifier})",
    };

    private static string ShortDigest(string digest)
    {
        const int Shown = 12;
        var text = digest[(digest.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return text.Length > Shown ? text[..Shown] : text;
    }

    private static string Noun(OperationRecord operation) => operation.Type switch
    {
        _ when operation.IsRollback => "Rollback",
        _ when operation.IsPromotion => "Promotion",
        OperationType.CreateService => "Service creation",
        OperationType.UpdateService => "Service update",
        OperationType.PauseService => "Service pause",
        OperationType.ResumeService => "Service resume",
        OperationType.DeleteService => "Service deletion",
        _ => "Deployment",
    };

    private static string StatusText(ServiceStatus status) => status switch
    {
        ServiceStatus.CreateFailed => "CREATE_FAILED",
        ServiceStatus.Running => "RUNNING",
        ServiceStatus.Deleted => "DELETED",
        ServiceStatus.DeleteFailed => "DELETE_FAILED",
        ServiceStatus.Paused => "PAUSED",
        _ => "OPERATION_IN_PROGRESS",
    };

    private static string Short(string id) => id.Length > 8 ? id[..8] : id;
}
