using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>The credentials of an installation that has only its root key.</summary>
public sealed class RootCredentialStore(ApiCredential root) : ICredentialStore
{
    public ValueTask<ApiCredential?> Find(string accessKeyId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(accessKeyId == root.AccessKeyId ? root : null);
}
