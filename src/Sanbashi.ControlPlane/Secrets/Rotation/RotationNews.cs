using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Secrets;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>Tells how rotations end: in the log, and what went wrong also in the event logs of the services that read the secret.</summary>
internal sealed class RotationNews(ServiceDocuments documents, IServiceLog log, ILogger logger)
{
    public void Rotated(SecretRecord secret)
    {
        RotationMetrics.Ended(isRotated: true);
        SecretsLog.Rotated(logger, secret.Name, secret.Scope.Region);
    }

    /// <param name="failed">As it is since the failure.</param>
    public async Task Failed(SecretRecord failed, CancellationToken cancellationToken)
    {
        var run = failed.Run!;
        var next = run.HasGivenUp
            ? "It is tried again by the next rotation, by schedule or on demand (RotateSecret)."
            : $"It is tried again in {RotationPlanner.Pauses[run.Failures - 1].TotalSeconds:0} s.";
        var message = $"The rotation of the secret {failed.Name} failed in its step {RotationEvent.Name(run.Step)}: {run.Failure} {next}";
        RotationMetrics.Ended(isRotated: false);
        SecretsLog.RotationFailed(logger, message);

        // The attempts in between are in the log only.
        if (run.Failures == 1 || run.HasGivenUp)
        {
            foreach (var service in await documents.ListServices(failed.Scope, cancellationToken))
            {
                if (service.Record.Status != ServiceStatus.Deleted && service.Record.Definition.Image.EnvironmentSecrets.Values.Any(reference => IsAbout(reference, failed)))
                {
                    log.Event(service.Record, message);
                }
            }
        }
    }

    private static bool IsAbout(string reference, SecretRecord secret) =>
        SecretReference.TryParse(reference)?.SecretId is { } id && (id == secret.Arn || id == SecretArn.Prefix(secret.Scope) + secret.Name);
}
