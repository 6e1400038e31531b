using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Finds the secret that a call means: by name, by ARN, or by an ARN without its last six characters.</summary>
internal sealed class SecretLookup(SecretDocuments documents, TimeProvider timeProvider)
{
    /// <summary>Null: there is none, or none any more.</summary>
    public async Task<Stored<SecretRecord>?> Find(ResourceScope scope, string secretId, CancellationToken cancellationToken)
    {
        if (!SecretArn.IsArn(secretId))
        {
            return await Named(scope, secretId, cancellationToken);
        }

        if (SecretArn.TryParse(secretId) is not { } arn || arn.Scope != scope)
        {
            return null;
        }

        return arn.NameBeforeSuffix is { } name && await Named(scope, name, cancellationToken) is { } secret && secret.Record.Arn == secretId
            ? secret
            : await Named(scope, arn.Resource, cancellationToken);
    }

    /// <summary>The secret that the call's <c>SecretId</c> names, which may wait for its deletion.</summary>
    public async Task<Stored<SecretRecord>> Find(ApiCall call, CancellationToken cancellationToken) =>
        await Find(call.Scope(), call.Input.RequiredText("SecretId"), cancellationToken) ?? throw SecretErrors.NoSecret();

    /// <summary>The secret that the call's <c>SecretId</c> names and that is in use.</summary>
    public async Task<Stored<SecretRecord>> FindLive(ApiCall call, CancellationToken cancellationToken)
    {
        var found = await Find(call, cancellationToken);
        return found.Record.IsDeleted ? throw SecretErrors.MarkedForDeletion() : found;
    }

    private async Task<Stored<SecretRecord>?> Named(ResourceScope scope, string name, CancellationToken cancellationToken) =>
        SecretName.IsValid(name) && await documents.FindByName(scope, name, cancellationToken) is { } found && !found.Record.IsPurged(timeProvider.GetUtcNow()) ? found : null;
}
