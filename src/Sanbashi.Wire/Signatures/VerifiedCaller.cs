namespace Sanbashi.Wire;

/// <summary>Who signed a request, proven by the signature.</summary>
/// <param name="AccessKeyId">The key that signed.</param>
/// <param name="Account">The account of that key.</param>
/// <param name="Region">The region of the credential scope.</param>
/// <param name="Service">The service of the credential scope.</param>
/// <param name="SignedAt">The time that the signature carries.</param>
/// <param name="SessionToken">The token of temporary credentials.</param>
public sealed record VerifiedCaller(
    string AccessKeyId, string Account, string Region, string Service, DateTimeOffset SignedAt, string? SessionToken = null);
