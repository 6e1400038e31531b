namespace Sanbashi.Wire;

/// <summary>A key pair that signs calls.</summary>
/// <param name="AccessKeyId">The public half, named in each signature.</param>
/// <param name="SecretAccessKey">The secret half; never sent.</param>
/// <param name="SessionToken">Set for temporary credentials: each call must then carry it.</param>
/// <param name="Account">The twelve digits of the account that the key belongs to.</param>
public sealed record ApiCredential(string AccessKeyId, string SecretAccessKey, string? SessionToken, string Account)
{
    /// <summary>The key id only, so that no log shows a secret by accident.</summary>
    public override string ToString() => $"ApiCredential {AccessKeyId} of {Account}";
}
