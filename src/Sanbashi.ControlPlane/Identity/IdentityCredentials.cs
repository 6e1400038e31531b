using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>The keys that may sign: the root's, users', and those of sessions.</summary>
internal sealed class IdentityCredentials(ApiCredential root, IdentityDirectory directory, SessionTokens sessions, Seal keySecrets) : ICredentialStore
{
    public async ValueTask<ApiCredential?> Find(string accessKeyId, string? sessionToken, CancellationToken cancellationToken)
    {
        if (accessKeyId == root.AccessKeyId)
        {
            return root;
        }

        if (accessKeyId.StartsWith(SessionTokens.KeyIdPrefix, StringComparison.Ordinal))
        {
            return sessionToken is not null && sessions.Open(accessKeyId, sessionToken) is not null ? sessions.Credential(accessKeyId, sessionToken) : null;
        }

        var key = (await directory.Read(cancellationToken)).Keys.GetValueOrDefault(accessKeyId);
        return key is { IsActive: true } && keySecrets.Open(key.SealedSecret, key.Id) is { } secret
            ? new ApiCredential(key.Id, secret, null, directory.Account)
            : null;
    }
}
