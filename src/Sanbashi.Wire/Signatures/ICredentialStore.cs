namespace Sanbashi.Wire;

/// <summary>Where the verifier finds the secret that belongs to a key id.</summary>
public interface ICredentialStore
{
    /// <summary>The credential with this key id, or <c>null</c> when no active one has it.</summary>
    ValueTask<ApiCredential?> Find(string accessKeyId, CancellationToken cancellationToken);
}
