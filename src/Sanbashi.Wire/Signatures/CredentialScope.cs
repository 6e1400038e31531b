using Microsoft.AspNetCore.Http;

namespace Sanbashi.Wire;

/// <summary>The <c>Credential</c> of a signature: <c>AKID/20260102/eu-west-1/apprunner/aws4_request</c>.</summary>
/// <param name="AccessKeyId">The key that signed.</param>
/// <param name="Date">The day of the signature, eight digits.</param>
/// <param name="Region">The region.</param>
/// <param name="Service">The service's signing name.</param>
/// <param name="Terminator">Always <c>aws4_request</c> in a valid scope.</param>
public sealed record CredentialScope(string AccessKeyId, string Date, string Region, string Service, string Terminator)
{
    internal const string ExpectedTerminator = "aws4_request";

    /// <summary>The scope without the key, as it is signed.</summary>
    internal string Signed => $"{Date}/{Region}/{Service}/{Terminator}";

    /// <summary>Reads a credential; <c>null</c> when it does not have five parts.</summary>
    internal static CredentialScope? Parse(string credential)
    {
        // From the right, so that nothing has to be assumed about key ids.
        var parts = credential.Split('/');
        return parts is [.. { Length: > 0 } key, var date, var region, var service, var terminator]
            ? new CredentialScope(string.Join('/', key), date, region, service, terminator)
            : null;
    }

    /// <summary>The scope that a request claims in either form; <c>null</c> when it has none that can be read.</summary>
    internal static CredentialScope? TryFind(IHeaderDictionary headers, string rawQuery)
    {
        if (headers.Authorization is [{ } authorization] && AuthorizationHeader.IsSignature(authorization))
        {
            return AuthorizationHeader.Find(authorization, "Credential") is { } credential ? Parse(credential) : null;
        }

        return PresignedQuery.Find(rawQuery, PresignedQuery.Credential) is { } presigned ? Parse(presigned) : null;
    }
}
