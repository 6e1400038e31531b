using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Secrets.Rotation;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>How and when a secret is rotated.</summary>
internal sealed class SecretRotations(SecretDocuments documents, SecretLookup lookup, Rotators rotators, TimeProvider timeProvider)
{
    public async Task<JsonObject> Rotate(ApiCall call, CancellationToken cancellationToken)
    {
        var rules = call.Input.Object("RotationRules");
        CheckRules(rules);
        var now = timeProvider.GetUtcNow();
        var versionId = SecretToken.Of(call);
        return await SecretWrites.Commit(
            documents.Store,
            async token =>
            {
                var found = await lookup.FindLive(call, token);
                var before = found.Record.Rotation;
                var rotator = call.Input.Text("RotationLambdaARN") ?? before?.RotatorArn;
                if (string.IsNullOrEmpty(rotator))
                {
                    throw SecretErrors.InvalidRequest("No Lambda rotation function ARN is associated with this secret.");
                }

                CheckRotator(rotator);
                var rotation = new SecretRotation
                {
                    RotatorArn = rotator,
                    IsEnabled = true,
                    Since = before is { IsEnabled: true } && rules is null ? before.Since : now,
                    AutomaticallyAfterDays = rules is null ? before?.AutomaticallyAfterDays : rules.Integer("AutomaticallyAfterDays"),
                    ScheduleExpression = rules is null ? before?.ScheduleExpression : rules.Text("ScheduleExpression"),
                    Duration = rules is null ? before?.Duration : rules.Text("Duration"),
                    ExternalRoleArn = call.Input.Text("ExternalSecretRotationRoleArn") ?? before?.ExternalRoleArn,
                };
                var configured = found.Record with { Rotation = rotation, ChangedAt = now };
                if (call.Input.Flag("RotateImmediately") == false)
                {
                    return new Proposal<JsonObject>([SecretDocuments.Write(configured, found.Version)], SecretAnswers.Name(configured));
                }

                if (found.Record.FindVersion(versionId) is not null)
                {
                    // The same call again: it has begun already, or is done.
                    return new Proposal<JsonObject>([], SecretAnswers.Version(found.Record, versionId));
                }

                if (found.Record.Run is { HasGivenUp: false })
                {
                    throw SecretErrors.InvalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
                }

                var begun = SecretChange.BeginRotation(WithCurrentValue(configured), versionId, now);
                return new Proposal<JsonObject>(
                    [SecretDocuments.Write(begun.Secret, found.Version), .. begun.ValueWrites], SecretAnswers.Version(begun.Secret, begun.Secret.Run!.VersionId));
            },
            cancellationToken);
    }

    /// <summary>The schedule stays, switched off, and a rotation in progress ends where it is; a version that waits for its rotation keeps its label.</summary>
    public Task<JsonObject> Cancel(ApiCall call, CancellationToken cancellationToken) => SecretWrites.Commit(
        documents.Store,
        async token =>
        {
            var found = await lookup.FindLive(call, token);
            var cancelled = found.Record.Rotation is { } rotation ? found.Record with { Rotation = rotation with { IsEnabled = false }, Run = null } : found.Record;
            return new Proposal<JsonObject>(
                found.Record.Rotation is { IsEnabled: true } || found.Record.Run is not null ? [SecretDocuments.Write(cancelled, found.Version)] : [],
                SecretAnswers.Version(cancelled, cancelled.FindStage(SecretStages.Pending)?.Id));
        },
        cancellationToken);

    private void CheckRotator(string name)
    {
        try
        {
            rotators.Find(name);
        }
        catch (RotationException refused)
        {
            throw SecretErrors.InvalidRequest(refused.Message);
        }
    }

    private static SecretRecord WithCurrentValue(SecretRecord secret) => secret.FindStage(SecretStages.Current) is not null
        ? secret
        : throw SecretErrors.InvalidRequest($"The secret {secret.Name} has no value to rotate. Put one first (PutSecretValue).");

    private static void CheckRules(JsonObject? rules)
    {
        var (days, expression) = (rules?.Integer("AutomaticallyAfterDays"), rules?.Text("ScheduleExpression"));
        if (days is not null && expression is not null)
        {
            throw SecretErrors.InvalidParameter("You can't specify both AutomaticallyAfterDays and ScheduleExpression in RotationRules. Give one of them.");
        }

        if (expression is not null && !RotationSchedule.TryParse(expression, out _, out var problem))
        {
            throw SecretErrors.InvalidParameter($"The rotation schedule '{Excerpt.Of(expression)}' {problem}.");
        }

        if (rules?.Text("Duration") is { } duration && int.Parse(duration[..^1], System.Globalization.CultureInfo.InvariantCulture) is < 1 or > 24)
        {
            throw SecretErrors.InvalidParameter("The Duration of a rotation window must be from 1h to 24h.");
        }
    }
}
