using System.Text.Json;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Reads what the variables of services refer to.</summary>
internal sealed class ServiceSecrets(SecretLookup lookup, SecretVault vault) : IServiceSecrets
{
    private const string Action = "secretsmanager:GetSecretValue";

    public async Task<IReadOnlyDictionary<string, PinnedSecret>> Resolve(ResourceScope scope, IReadOnlyDictionary<string, string> references, CancellationToken cancellationToken)
    {
        var pinned = new Dictionary<string, PinnedSecret>(StringComparer.Ordinal);
        foreach (var (variable, text) in references)
        {
            var reference = SecretReference.TryParse(text) ?? throw Failed(variable, text, "it is not a reference that can be resolved here.");
            if (reference.Arn.Scope.Account != scope.Account)
            {
                throw Failed(variable, text, "it belongs to another account.");
            }

            var (secret, versionId) = await Find(variable, reference, cancellationToken);
            var pin = new PinnedSecret(text, secret.Arn, versionId, reference.JsonKey);
            await Read(variable, pin, secret, cancellationToken);
            pinned[variable] = pin;
        }

        return pinned;
    }

    public async Task<IReadOnlyDictionary<string, string>> Read(IReadOnlyDictionary<string, PinnedSecret> secrets, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (variable, pin) in secrets)
        {
            var scope = SecretArn.TryParse(pin.Arn)!.Scope;
            var secret = await lookup.Find(scope, pin.Arn, cancellationToken) is { Record.IsDeleted: false } found
                ? found.Record
                : throw Failed(variable, pin.Reference, "the secret is gone since it was deployed. Restore it, or deploy with another one.");
            values[variable] = await Read(variable, pin, secret, cancellationToken);
        }

        return values;
    }

    private async Task<(SecretRecord Secret, string VersionId)> Find(string variable, SecretReference reference, CancellationToken cancellationToken)
    {
        if (await lookup.Find(reference.Arn.Scope, reference.SecretId, cancellationToken) is not { Record: var secret })
        {
            throw Failed(variable, reference.Text, "there is no such secret. Create it, or correct the reference.");
        }

        if (secret.IsDeleted)
        {
            throw Failed(variable, reference.Text, "the secret was marked for deletion. Restore it, or give another one.");
        }

        var version = reference.VersionId is { } id
            ? secret.FindVersion(id) ?? throw Failed(variable, reference.Text, $"it has no version {id}.")
            : secret.FindStage(reference.Stage ?? SecretStages.Current) ?? throw Failed(variable, reference.Text, $"no version has the staging label {reference.Stage ?? SecretStages.Current}.");
        return (secret, version.Id);
    }

    private async Task<string> Read(string variable, PinnedSecret pin, SecretRecord secret, CancellationToken cancellationToken)
    {
        SecretValue? value;
        try
        {
            value = await vault.Read(secret, pin.VersionId, cancellationToken);
        }
        catch (ApiException failure)
        {
            throw Failed(variable, pin.Reference, failure.Message);
        }

        if (value is null)
        {
            throw Failed(variable, pin.Reference, $"its version {pin.VersionId} has no value (any more). Deploy again.");
        }

        if (value.IsBinary)
        {
            throw Failed(variable, pin.Reference, "its value is binary, and variables are text.");
        }

        var text = pin.JsonKey is { } key ? Member(variable, pin, key, value.Text) : value.Text;
        return text.Contains('\0') ? throw Failed(variable, pin.Reference, "its value has a NUL, which no variable can have.") : text;
    }

    private static string Member(string variable, PinnedSecret pin, string key, string text)
    {
        try
        {
            if (JsonNode.Parse(text) is JsonObject document)
            {
                return document[key] switch
                {
                    null => throw Failed(variable, pin.Reference, $"its JSON has no key '{key}'."),
                    JsonValue single when single.TryGetValue<string>(out var member) => member,
                    var other => other.ToJsonString(),
                };
            }
        }
        catch (JsonException)
        {
            // Said below, without the parser's words: they would repeat a part of the value.
        }

        throw Failed(variable, pin.Reference, $"its value is no JSON object, so it has no key '{key}'.");
    }

    private static ServiceSecretException Failed(string variable, string reference, string why) =>
        new($"The secret variable {variable} could not be read: {Action} of {reference} failed, {why}");
}
