using Sanbashi.ControlPlane.Secrets.Encryption;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Reads values, and prepares new ones to be written.</summary>
internal sealed class SecretVault(SecretDocuments documents, SecretKeys keys)
{
    public Sealing BeginSealing() => keys.BeginSealing();

    /// <summary>Null when the version has no value (yet).</summary>
    /// <exception cref="Wire.ApiException">It can't be opened.</exception>
    public async Task<SecretValue?> Read(SecretRecord secret, string versionId, CancellationToken cancellationToken)
    {
        if (await documents.FindValue(secret, versionId, cancellationToken) is not { } stored)
        {
            return null;
        }

        try
        {
            return new SecretValue(keys.Open(stored.Sealed, Binding(secret, versionId)), stored.IsBinary);
        }
        catch (Exception failure) when (failure is SealBrokenException or KeyMissingException)
        {
            throw SecretErrors.Undecryptable(failure.Message);
        }
    }

    public static SecretValueRecord Seal(Sealing sealing, SecretRecord secret, string versionId, SecretValue value) => new()
    {
        Scope = secret.Scope,
        SecretId = secret.Id,
        VersionId = versionId,
        IsBinary = value.IsBinary,
        Sealed = sealing.Seal(value.Bytes, Binding(secret, versionId)),
    };

    private static string Binding(SecretRecord secret, string versionId) => Binding(secret.Scope.ToString(), secret.Id, versionId);

    public static string Binding(string scope, string secretId, string versionId) => $"secret {scope}/{secretId}, version {versionId}";
}
