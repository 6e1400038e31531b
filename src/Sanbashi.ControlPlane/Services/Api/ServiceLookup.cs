using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>Finds the service that a call's <c>ServiceArn</c> names.</summary>
internal sealed class ServiceLookup(ServiceDocuments documents, TimeProvider timeProvider)
{
    /// <summary>How long a deleted service can be described. The real service's time is not documented; clients poll within minutes.</summary>
    public static readonly TimeSpan DeletedKept = TimeSpan.FromHours(1);

    /// <summary>The service, deleted ones of the last hour included: for calls that only read.</summary>
    public Task<Stored<ServiceRecord>> Find(ApiCall call, CancellationToken cancellationToken) =>
        Find(call, call.Input.RequiredText("ServiceArn"), cancellationToken);

    public async Task<Stored<ServiceRecord>> Find(ApiCall call, string text, CancellationToken cancellationToken)
    {
        var arn = ResourceArn.Parse(text);
        if (arn.Kind != ResourceArn.ServiceKind || arn.Path.Count != 2)
        {
            throw ResourceArn.Malformed(text, "arn:aws:apprunner:<region>:<account>:service/<name>/<id>");
        }

        var scope = call.Scope();
        var stored = arn.IsIn(scope) ? await documents.FindService(scope, arn.Path[1], cancellationToken) : null;
        return stored is not null && stored.Record.Name == arn.Path[0] && !IsForgotten(stored.Record) ? stored : throw NotFound(call, text);
    }

    /// <summary>The service for calls that change it: a deleted one counts as gone.</summary>
    public Task<Stored<ServiceRecord>> FindAlive(ApiCall call, CancellationToken cancellationToken) =>
        FindAlive(call, call.Input.RequiredText("ServiceArn"), cancellationToken);

    public async Task<Stored<ServiceRecord>> FindAlive(ApiCall call, string arn, CancellationToken cancellationToken)
    {
        var stored = await Find(call, arn, cancellationToken);
        return stored.Record.Status != ServiceStatus.Deleted ? stored : throw NotFound(call, stored.Record.Arn);
    }

    private static ApiException NotFound(ApiCall call, string arn) =>
        ApiErrors.NotFound($"Service not found: there is no service with the ARN {arn} in account {call.Account} and region {call.Region}. List what is there with ListServices.");

    private bool IsForgotten(ServiceRecord service) =>
        service.Status == ServiceStatus.Deleted && service.DeletedAt is { } deletedAt && timeProvider.GetUtcNow() - deletedAt > DeletedKept;
}
