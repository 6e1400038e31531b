using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Secrets;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>
/// Takes one step of one rotation after the other. What is done is written after each, so whoever starts after a crash goes on with the step that was under way, and every
/// step can bear to be taken again.
/// </summary>
internal sealed class RotationSteps(SecretDocuments documents, SecretLookup lookup, SecretVault vault, Rotators rotators, RotationNews news, TimeProvider timeProvider)
{
    /// <returns>Whether there may be more to do at once.</returns>
    public async Task<bool> TakeNext(ResourceScope scope, string secretId, CancellationToken cancellationToken)
    {
        if (await documents.Find(scope, secretId, cancellationToken) is not { } stored)
        {
            return false;
        }

        switch (RotationPlanner.Plan(stored.Record, timeProvider.GetUtcNow()))
        {
            case RotationPlan.Begin:
                await Begin(stored, cancellationToken);
                return true;
            case RotationPlan.Take take:
                return await Take(stored.Record, take.Step, cancellationToken);
            default:
                return false;
        }
    }

    /// <summary>A conflict is looked at again.</summary>
    private async Task Begin(Stored<SecretRecord> stored, CancellationToken cancellationToken)
    {
        var begun = SecretChange.BeginRotation(stored.Record, Guid.NewGuid().ToString("D"), timeProvider.GetUtcNow());
        await documents.Store.Commit([SecretDocuments.Write(begun.Secret, stored.Version), .. begun.ValueWrites], cancellationToken);
    }

    private async Task<bool> Take(SecretRecord secret, RotationStep step, CancellationToken cancellationToken)
    {
        SecretValue? made;
        try
        {
            made = await Work(secret, step, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            if (await Write(secret, step, record => RotationPlanner.Fail(record, Words(failure), timeProvider.GetUtcNow()), null, cancellationToken) is { } failed)
            {
                await news.Failed(failed, cancellationToken);
            }

            return false;
        }

        var done = await Write(secret, step, record => RotationPlanner.Advance(record, timeProvider.GetUtcNow()), made, cancellationToken);
        if (done is { Run: null })
        {
            news.Rotated(done);
        }

        return done is not { Run: null };
    }

    /// <returns>The value that was made, if the platform is to write it.</returns>
    private async Task<SecretValue?> Work(SecretRecord secret, RotationStep step, CancellationToken cancellationToken)
    {
        var rotator = rotators.Find(secret.Rotation!.RotatorArn ?? "");
        var versionId = secret.Run!.VersionId;
        var rotation = new RotationCase(
            secret,
            versionId,
            await Staged(secret, SecretStages.Current, cancellationToken),
            await Staged(secret, SecretStages.Previous, cancellationToken),
            await vault.Read(secret, versionId, cancellationToken),
            (id, token) => Other(secret.Scope, id, token));
        if (step == RotationStep.CreateSecret && rotation.Pending is not null)
        {
            // Written before a crash: the one value that may be known elsewhere already.
            return null;
        }

        using var limit = new CancellationTokenSource(rotator.Limit, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var made = await rotator.Take(step, rotation, either.Token);
            return step != RotationStep.CreateSecret || made is not null || await vault.Read(secret, versionId, cancellationToken) is not null
                ? made
                : throw new RotationException("The rotator has neither answered a SecretString nor written a value for the pending version.");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RotationException($"It was not done within {rotator.Limit.TotalMinutes:0} min.");
        }
    }

    /// <summary>Null: the rotation was cancelled, or another one is under way.</summary>
    private async Task<SecretRecord?> Write(
        SecretRecord secret, RotationStep step, Func<SecretRecord, SecretRecord> change, SecretValue? value, CancellationToken cancellationToken)
    {
        using var sealing = vault.BeginSealing();
        return await SecretWrites.Commit(
            documents.Store,
            async token =>
            {
                if (await documents.Find(secret.Scope, secret.Id, token) is not { Record: { IsDeleted: false, Run: { } run } record } stored
                    || run.VersionId != secret.Run!.VersionId
                    || run.Step != step
                    || record.FindVersion(run.VersionId) is null)
                {
                    return new Proposal<SecretRecord?>([], null);
                }

                var changed = change(record);
                var isMissing = value is not null && await documents.FindValue(record, run.VersionId, token) is null;
                return new Proposal<SecretRecord?>(
                    [
                        SecretDocuments.Write(changed, stored.Version),
                        .. isMissing ? [SecretDocuments.Write(SecretVault.Seal(sealing, record, run.VersionId, value!), 0)] : Array.Empty<DocumentWrite>(),
                    ],
                    changed);
            },
            cancellationToken);
    }

    private async Task<SecretValue?> Staged(SecretRecord secret, string stage, CancellationToken cancellationToken) =>
        secret.FindStage(stage) is { } version ? await vault.Read(secret, version.Id, cancellationToken) : null;

    private async Task<SecretValue> Other(ResourceScope scope, string id, CancellationToken cancellationToken) =>
        await lookup.Find(scope, id, cancellationToken) is { Record: { IsDeleted: false } other } && await Staged(other, SecretStages.Current, cancellationToken) is { } value
            ? value
            : throw new RotationException($"There is no secret {Excerpt.Of(id)} with a value in {scope.Region}.");

    private static string Words(Exception failure) => failure switch
    {
        RotationException or ApiException => failure.Message,
        _ => $"{failure.GetType().Name}: {failure.Message}",
    };
}
