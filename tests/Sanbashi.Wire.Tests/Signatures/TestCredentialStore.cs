namespace Sanbashi.Wire.Tests.Signatures;

internal sealed class TestCredentialStore(params ApiCredential[] credentials) : ICredentialStore
{
    public ValueTask<ApiCredential?> Find(string accessKeyId, string? sessionToken, CancellationToken cancellationToken) =>
        ValueTask.FromResult(credentials.FirstOrDefault(credential => credential.AccessKeyId == accessKeyId));
}
