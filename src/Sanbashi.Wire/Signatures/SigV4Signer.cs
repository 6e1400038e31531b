using System.Globalization;
using System.Security.Cryptography;

namespace Sanbashi.Wire;

/// <summary>Signs requests with AWS Signature Version 4.</summary>
public static class SigV4Signer
{
    /// <summary>Headers that intermediaries change or HTTP clients add on their own; they are never signed.</summary>
    private static readonly HashSet<string> Unsigned = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Connection", "Expect", "Host", "Transfer-Encoding", "User-Agent", "X-Amzn-Trace-Id", "Content-Length",
    };

    /// <summary>
    /// Signs a request in its headers: sets <c>X-Amz-Date</c>, <c>X-Amz-Security-Token</c> for temporary credentials and
    /// <c>Authorization</c>, replacing those of an earlier attempt. All other headers must be set before.
    /// </summary>
    /// <param name="request">The request with an absolute URI.</param>
    /// <param name="body">What will be sent; ignored with <paramref name="unsignedPayload"/>.</param>
    /// <param name="credential">The key that signs.</param>
    /// <param name="service">The signing name of the service, for example <c>apprunner</c>.</param>
    /// <param name="region">The region of the scope.</param>
    /// <param name="now">The time of the signature.</param>
    /// <param name="unsignedPayload">Leaves the body out of the signature, so that it can be streamed.</param>
    public static void Sign(
        HttpRequestMessage request,
        ReadOnlySpan<byte> body,
        ApiCredential credential,
        string service,
        string region,
        DateTimeOffset now,
        bool unsignedPayload = false)
    {
        var uri = AbsoluteUri(request.RequestUri);
        var timestamp = now.UtcDateTime.ToString(CanonicalRequest.TimestampFormat, CultureInfo.InvariantCulture);
        Set(request, "X-Amz-Date", timestamp);
        Set(request, "X-Amz-Security-Token", credential.SessionToken);
        if (unsignedPayload)
        {
            Set(request, "X-Amz-Content-SHA256", CanonicalRequest.UnsignedPayload);
        }

        var scope = new CredentialScope(credential.AccessKeyId, timestamp[..8], region, service, CredentialScope.ExpectedTerminator);
        var headers = SignableHeaders(request, uri);
        var signedHeaders = string.Join(';', headers.Select(header => header.Name));
        var payloadHash = unsignedPayload ? CanonicalRequest.UnsignedPayload : CanonicalRequest.Hex(SHA256.HashData(body));
        var (path, query) = RawTarget.Split(uri.PathAndQuery);
        var canonical = CanonicalRequest.Build(
            request.Method.Method.ToUpperInvariant(),
            CanonicalPath.Of(path),
            CanonicalQuery.Encoded(query),
            headers,
            signedHeaders,
            payloadHash);
        var signature = CanonicalRequest.Sign(credential.SecretAccessKey, scope, timestamp, canonical);
        Set(
            request,
            "Authorization",
            $"{CanonicalRequest.Algorithm} Credential={scope.AccessKeyId}/{scope.Signed}, SignedHeaders={signedHeaders}, Signature={signature}");
    }

    /// <summary>
    /// Makes a URL that carries its own signature, for requests without a body and without headers of their own (a
    /// WebSocket's handshake, a download).
    /// </summary>
    /// <param name="method">The method that the URL is for.</param>
    /// <param name="uri">The absolute URI; its query string is kept.</param>
    /// <param name="credential">The key that signs.</param>
    /// <param name="service">The signing name of the service.</param>
    /// <param name="region">The region of the scope.</param>
    /// <param name="now">The time of the signature.</param>
    /// <param name="lifetime">How long the URL is valid, from 1 s to 7 days.</param>
    public static Uri Presign(
        HttpMethod method,
        Uri uri,
        ApiCredential credential,
        string service,
        string region,
        DateTimeOffset now,
        TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, SignatureClaim.MaxLifetime);
        uri = AbsoluteUri(uri);
        var timestamp = now.UtcDateTime.ToString(CanonicalRequest.TimestampFormat, CultureInfo.InvariantCulture);
        var scope = new CredentialScope(credential.AccessKeyId, timestamp[..8], region, service, CredentialScope.ExpectedTerminator);
        var (path, query) = RawTarget.Split(uri.PathAndQuery);
        var parameters = new List<(string Name, string Value)>
        {
            (PresignedQuery.Algorithm, CanonicalRequest.Algorithm),
            (PresignedQuery.Credential, $"{scope.AccessKeyId}/{scope.Signed}"),
            (PresignedQuery.Date, timestamp),
            (PresignedQuery.Expires, ((long)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            (PresignedQuery.SignedHeaders, "host"),
        };
        if (credential.SessionToken is { } token)
        {
            parameters.Add((PresignedQuery.SecurityToken, token));
        }

        var added = string.Join('&', parameters.Select(parameter => $"{parameter.Name}={PercentEncoding.Encode(parameter.Value)}"));
        var full = query.Length == 0 ? added : $"{query}&{added}";
        var canonical = CanonicalRequest.Build(
            method.Method.ToUpperInvariant(),
            CanonicalPath.Of(path),
            CanonicalQuery.Encoded(full),
            [("host", uri.Authority)],
            "host",
            CanonicalRequest.EmptyPayloadHash);
        var signature = CanonicalRequest.Sign(credential.SecretAccessKey, scope, timestamp, canonical);
        return new Uri($"{uri.Scheme}://{uri.Authority}{path}?{full}&{PresignedQuery.Signature}={signature}");
    }

    private static List<(string Name, string Value)> SignableHeaders(HttpRequestMessage request, Uri uri)
    {
        var host = request.Headers.Host is { Length: > 0 } named ? named : uri.Authority;
        var headers = request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default)
            .Where(header => !Unsigned.Contains(header.Key))
            .Select(header => (header.Key.ToLowerInvariant(), string.Join(',', header.Value.Select(CanonicalRequest.HeaderValue))))
            .Append(("host", host))
            .ToList();
        headers.Sort(static (left, right) => string.CompareOrdinal(left.Item1, right.Item1));
        return headers;
    }

    private static void Set(HttpRequestMessage request, string name, string? value)
    {
        request.Headers.Remove(name);
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static Uri AbsoluteUri(Uri? uri) => uri is { IsAbsoluteUri: true }
        ? uri
        : throw new ArgumentException($"A request can only be signed for an absolute URI; it has '{uri}'.", nameof(uri));
}
