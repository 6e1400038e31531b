namespace Sanbashi.Wire;

/// <summary>Where the verifier finds the secret that belongs to a key id.</summary>
public interface ICredentialStore
{
    /// <summary>The credential with this key id, or <c>null</c> when no active one has it.</summary>
    /// <param name="accessKeyId">The key that is said to have signed.</param>
    /// <param name="sessionToken">What the request carries; temporary credentials may be known by nothing else.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ApiException">The token has expired.</exception>
    ValueTask<ApiCredential?> Find(string accessKeyId, string? sessionToken, CancellationToken cancellationToken);
}
