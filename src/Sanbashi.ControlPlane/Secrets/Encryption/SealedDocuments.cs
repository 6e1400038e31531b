using System.Text.Json;
using Sanbashi.ControlPlane.Parameters;
using Sanbashi.Domain.Parameters;
using Sanbashi.Domain.Secrets;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>The documents that hold sealed values.</summary>
internal static class SealedDocuments
{
    public static IReadOnlyList<string> Kinds { get; } = [SecretDocuments.ValueKind, ParameterDocuments.ValueKind];

    /// <summary>The document's body with its data key under the key that seals now; null when it is so already.</summary>
    public static string? Rewrap(Document document, SecretKeys keys) => document.Key.Kind == ParameterDocuments.ValueKind ? RewrapParameter(document, keys) : RewrapSecret(document, keys);

    private static string? RewrapSecret(Document document, SecretKeys keys)
    {
        var value = JsonSerializer.Deserialize(document.Body, SecretJson.Default.SecretValueRecord)!;
        return value.Sealed.KeyId == keys.CurrentId
            ? null
            : JsonSerializer.Serialize(
                value with { Sealed = keys.Rewrap(value.Sealed, SecretVault.Binding(value.Scope.ToString(), value.SecretId, value.VersionId)) }, SecretJson.Default.SecretValueRecord);
    }

    private static string? RewrapParameter(Document document, SecretKeys keys)
    {
        var value = JsonSerializer.Deserialize(document.Body, ParameterJson.Default.ParameterValueRecord)!;
        return value.Sealed.KeyId == keys.CurrentId
            ? null
            : JsonSerializer.Serialize(
                value with { Sealed = keys.Rewrap(value.Sealed, ParameterVault.Binding(value.Scope.ToString(), value.ParameterId, value.Version)) }, ParameterJson.Default.ParameterValueRecord);
    }
}
