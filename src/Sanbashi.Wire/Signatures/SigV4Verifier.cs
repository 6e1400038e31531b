using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Sanbashi.Wire;

/// <summary>
/// Authenticates requests by their AWS Signature Version 4, in the header and in the presigned form. There is no replay
/// check inside the clock skew: two equal polls within a second are the same bytes.
/// </summary>
public sealed class SigV4Verifier(ICredentialStore credentials, IOptions<WireOptions> options)
{
    internal const string Mismatch =
        "The request signature we calculated does not match the signature you provided. "
        + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

    private const string UnknownToken = "The security token included in the request is invalid.";

    /// <summary>Headers that change what a request means: they must be signed when they are sent.</summary>
    private static readonly string[] MustBeSigned = ["x-amz-date", "x-amz-security-token", "x-amz-target"];

    /// <summary>Stands in for the secret of an unknown key, so that both take the same way.</summary>
    private static readonly string NoSecret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    private readonly WireOptions _options = options.Value;

    /// <summary>
    /// Verifies the signature of a request and says who made it. The body is read and put back, unless the request says
    /// that it is not part of the signature (<c>UNSIGNED-PAYLOAD</c>): then it is left alone and may be of any size.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="expectedService">The service that the scope must name; <c>null</c> for any.</param>
    /// <param name="cancellationToken">Ends reading the body.</param>
    /// <exception cref="ApiException">The signature is missing, incomplete, expired or wrong, or its key is unknown.</exception>
    public async ValueTask<VerifiedCaller> Verify(HttpContext context, string? expectedService, CancellationToken cancellationToken)
    {
        var (path, query) = RawTarget.Split(context);
        var claim = SignatureClaim.Read(context.Request.Headers, query);
        ReadOnlyMemory<byte> body = default;
        if (claim.PayloadHash != CanonicalRequest.UnsignedPayload)
        {
            body = await RequestBody.Read(context.Request, _options.MaxBodyBytes, cancellationToken);
            if (!body.IsEmpty)
            {
                context.Request.Body = new MemoryStream(body.ToArray(), writable: false);
            }
        }

        var request = new SignedRequest(context.Request.Method, path, query, context.Request.Headers, body);
        return await Verify(request, claim, expectedService, cancellationToken);
    }

    internal ValueTask<VerifiedCaller> Verify(SignedRequest request, string? expectedService, CancellationToken cancellationToken) =>
        Verify(request, SignatureClaim.Read(request.Headers, request.RawQuery), expectedService, cancellationToken);

    private async ValueTask<VerifiedCaller> Verify(
        SignedRequest request,
        SignatureClaim claim,
        string? expectedService,
        CancellationToken cancellationToken)
    {
        // 1. What can be refused without a secret.
        CheckSignedHeaders(request, claim);
        CheckTime(claim);
        if (expectedService is not null && claim.Scope.Service != expectedService)
        {
            throw Invalid($"Credential should be scoped to correct service: '{expectedService}'. ");
        }

        // 2. The signature, also for a key that does not exist.
        var credential = await credentials.Find(claim.Scope.AccessKeyId, claim.SessionToken, cancellationToken);
        var isRight = Matches(request, claim, credential?.SecretAccessKey ?? NoSecret);

        // 3. The verdict. The token is compared last: it is a secret too.
        if (credential is null)
        {
            throw new ApiException(CommonErrors.UnrecognizedClient, UnknownToken);
        }

        if (!isRight)
        {
            throw Invalid(Mismatch);
        }

        if (!FixedTimeEquals(claim.SessionToken ?? "", credential.SessionToken ?? ""))
        {
            throw new ApiException(CommonErrors.UnrecognizedClient, UnknownToken);
        }

        return new VerifiedCaller(credential.AccessKeyId, credential.Account, claim.Scope.Region, claim.Scope.Service, claim.SignedAt, credential.SessionToken);
    }

    private static void CheckSignedHeaders(SignedRequest request, SignatureClaim claim)
    {
        if (!claim.SignedHeaders.Contains("host", StringComparer.Ordinal))
        {
            throw Invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }

        foreach (var name in MustBeSigned)
        {
            if (request.Headers.ContainsKey(name) && !claim.SignedHeaders.Contains(name, StringComparer.Ordinal))
            {
                throw Invalid($"'{name}' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }
    }

    private void CheckTime(SignatureClaim claim)
    {
        var now = _options.TimeProvider.GetUtcNow();
        var skew = _options.ClockSkew;
        var allowed = claim.Lifetime ?? skew;
        if (claim.SignedAt < now - allowed)
        {
            var unit = claim.Lifetime is null ? $"{skew.TotalMinutes:0.##} min." : $"{allowed.TotalSeconds:0} sec.";
            throw Invalid($"Signature expired: {claim.Timestamp} is now earlier than {Basic(now - allowed)} ({Basic(now)} - {unit})");
        }

        if (claim.SignedAt > now + skew)
        {
            throw Invalid(
                $"Signature not yet current: {claim.Timestamp} is still later than {Basic(now + skew)} ({Basic(now)} + {skew.TotalMinutes:0.##} min.)");
        }
    }

    private static bool Matches(SignedRequest request, SignatureClaim claim, string secretAccessKey)
    {
        var isBodyRight = true;
        var payloadHash = claim.PayloadHash;
        if (payloadHash != CanonicalRequest.UnsignedPayload)
        {
            var actual = CanonicalRequest.Hex(SHA256.HashData(request.Body.Span));
            isBodyRight = payloadHash is null || FixedTimeEquals(payloadHash, actual);
            payloadHash = actual;
        }

        var path = CanonicalPath.Of(request.RawPath);
        var signedHeaders = string.Join(';', claim.SignedHeaders);
        var headers = claim.SignedHeaders.Select(name => (name, HeaderValue(request.Headers, name))).ToList();

        // Both spellings are always tried: the time taken tells nothing.
        var isRight = false;
        foreach (var query in (ReadOnlySpan<string>)[CanonicalQuery.Encoded(request.RawQuery), CanonicalQuery.AsSent(request.RawQuery)])
        {
            var canonical = CanonicalRequest.Build(request.Method, path, query, headers, signedHeaders, payloadHash);
            isRight |= FixedTimeEquals(CanonicalRequest.Sign(secretAccessKey, claim.Scope, claim.Timestamp, canonical), claim.Signature);
        }

        return isRight & isBodyRight;
    }

    private static string HeaderValue(IHeaderDictionary headers, string name) =>
        string.Join(',', headers[name].Select(value => CanonicalRequest.HeaderValue(value ?? "")));

    private static bool FixedTimeEquals(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static string Basic(DateTimeOffset time) =>
        time.UtcDateTime.ToString(CanonicalRequest.TimestampFormat, CultureInfo.InvariantCulture);

    private static ApiException Invalid(string message) => new(CommonErrors.InvalidSignature, message);
}
