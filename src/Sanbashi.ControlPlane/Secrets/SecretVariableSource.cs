using System.Text.Json;
using System.Text.Json.Nodes;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Secrets as what variables refer to.</summary>
internal sealed class SecretVariableSource(SecretLookup lookup, SecretVault vault) : IVariableSource
{
    public string Action => "secretsmanager:GetSecretValue";

    public bool Takes(string reference) => SecretReference.TryParse(reference) is not null;

    public (string Resource, IReadOnlyDictionary<string, string> Details) About(ResourceScope scope, string reference)
    {
        var parsed = SecretReference.TryParse(reference)!;
        var details = new Dictionary<string, string>
        {
            ["secretsmanager:SecretId"] = parsed.SecretId,
            ["secretsmanager:VersionStage"] = parsed.Stage ?? SecretStages.Current,
        };
        if (parsed.VersionId is { } version)
        {
            details["secretsmanager:VersionId"] = version;
        }

        return (parsed.SecretId, details);
    }

    public async Task<PinnedSecret> Pin(ResourceScope scope, string reference, CancellationToken cancellationToken)
    {
        var parsed = SecretReference.TryParse(reference)!;
        if (parsed.Arn.Scope.Account != scope.Account)
        {
            throw new UnreadableVariableException("it belongs to another account.");
        }

        if (await lookup.Find(parsed.Arn.Scope, parsed.SecretId, cancellationToken) is not { Record: var secret })
        {
            throw new UnreadableVariableException("there is no such secret. Create it, or correct the reference.");
        }

        if (secret.IsDeleted)
        {
            throw new UnreadableVariableException("the secret was marked for deletion. Restore it, or give another one.");
        }

        var version = parsed.VersionId is { } id
            ? secret.FindVersion(id) ?? throw new UnreadableVariableException($"it has no version {id}.")
            : secret.FindStage(parsed.Stage ?? SecretStages.Current) ?? throw new UnreadableVariableException($"no version has the staging label {parsed.Stage ?? SecretStages.Current}.");
        return new PinnedSecret(reference, secret.Arn, version.Id, parsed.JsonKey);
    }

    public async Task<string> Read(ResourceScope scope, PinnedSecret pin, CancellationToken cancellationToken)
    {
        var secret = await lookup.Find(SecretArn.TryParse(pin.Arn)!.Scope, pin.Arn, cancellationToken) is { Record.IsDeleted: false } found
            ? found.Record
            : throw new UnreadableVariableException("the secret is gone since it was deployed. Restore it, or deploy with another one.");
        SecretValue? value;
        try
        {
            value = await vault.Read(secret, pin.VersionId, cancellationToken);
        }
        catch (ApiException failure)
        {
            throw new UnreadableVariableException(failure.Message);
        }

        return value switch
        {
            null => throw new UnreadableVariableException($"its version {pin.VersionId} has no value (any more). Deploy again."),
            { IsBinary: true } => throw new UnreadableVariableException("its value is binary, and variables are text."),
            _ => pin.JsonKey is { } key ? Member(key, value.Text) : value.Text,
        };
    }

    private static string Member(string key, string text)
    {
        try
        {
            if (JsonNode.Parse(text) is JsonObject document)
            {
                return document[key] switch
                {
                    null => throw new UnreadableVariableException($"its JSON has no key '{key}'."),
                    JsonValue single when single.TryGetValue<string>(out var member) => member,
                    var other => other.ToJsonString(),
                };
            }
        }
        catch (JsonException)
        {
            // Said below, without the parser's words: they would repeat a part of the value.
        }

        throw new UnreadableVariableException($"its value is no JSON object, so it has no key '{key}'.");
    }
}
