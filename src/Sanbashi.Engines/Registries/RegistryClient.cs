using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sanbashi.Engines.Registries;

/// <summary>
/// Asks a registry what a reference means now (OCI distribution specification, pulling manifests): one GET of the manifest, on a challenge a token for it, and for a
/// plain manifest one GET of the configuration, so that nothing is pulled that cannot run.
/// Each attempt may take 15 s; one more follows an error of the registry itself.
/// </summary>
internal sealed class RegistryClient : IDisposable
{
    /// <summary>The specification lets registries refuse manifests of more than this.</summary>
    private const int LargestManifest = 4 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private static readonly string[] ManifestTypes =
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ];

    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public RegistryClient(TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), UseCookies = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestManifest,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("sanbashi", typeof(RegistryClient).Assembly.GetName().Version?.ToString(2) ?? "0"));
    }

    /// <param name="isInsecure">Whether plain HTTP may be spoken; registries on this machine's loopback always may.</param>
    public async Task<RegistryAnswer> Resolve(ImageReference reference, RegistryCredential? credential, bool isInsecure, CancellationToken cancellationToken)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            using var timeout = new CancellationTokenSource(Patience, _time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            string reason;
            try
            {
                var (response, authorization) = await GetManifest(reference, credential, isInsecure, linked.Token).ConfigureAwait(false);
                using (response)
                {
                    if ((int)response.StatusCode < 500 && response.StatusCode != HttpStatusCode.TooManyRequests)
                    {
                        return await Read(response, reference, isInsecure, authorization, linked.Token).ConfigureAwait(false);
                    }
                }

                reason = $"it answered {(int)response.StatusCode} {response.ReasonPhrase}";
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new RegistryAnswer.Unreachable($"no answer within {Patience.TotalSeconds:0} s");
            }
            catch (DeniedException denied)
            {
                return new RegistryAnswer.Denied(denied.Message);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                return new RegistryAnswer.Unreachable(Cause(failure));
            }

            if (isRetry)
            {
                return new RegistryAnswer.Unreachable(reason);
            }

            await Task.Delay(RetryDelay, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Addresses that only this machine can mean.</summary>
    public static bool IsLoopback(string registry)
    {
        var host = registry.StartsWith('[') ? registry[1..].Split(']')[0] : registry.Split(':')[0];
        return host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    private static Uri Address(ImageReference reference, bool isInsecure, string path)
    {
        var host = reference.Registry == ImageReference.DockerHub ? "registry-1.docker.io" : reference.Registry;
        return new Uri($"{(isInsecure || IsLoopback(host) ? "http" : "https")}://{host}/v2/{reference.Repository}/{path}");
    }

    private async Task<(HttpResponseMessage Response, AuthenticationHeaderValue? Authorization)> GetManifest(ImageReference reference, RegistryCredential? credential, bool isInsecure, CancellationToken cancellationToken)
    {
        var address = Address(reference, isInsecure, $"manifests/{reference.ManifestReference}");
        var response = await Send(address, null, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return (response, null);
        }

        using (response)
        {
            var challenges = response.Headers.WwwAuthenticate.Select(header => AuthChallenge.Parse(header.Scheme, header.Parameter)).ToList();
            AuthenticationHeaderValue authorization;
            if (challenges.Find(challenge => challenge.IsBearer) is { } bearer)
            {
                authorization = new AuthenticationHeaderValue("Bearer", await GetToken(address, bearer, reference, credential, cancellationToken).ConfigureAwait(false));
            }
            else if (challenges.Exists(challenge => challenge.IsBasic) && credential is { IdentityToken: null })
            {
                authorization = Basic(credential);
            }
            else
            {
                throw new DeniedException(credential is null ? "it asks for credentials, and there are none" : "it does not offer a way to sign in with the credentials that there are");
            }

            return (await Send(address, authorization, cancellationToken).ConfigureAwait(false), authorization);
        }
    }

    private async Task<HttpResponseMessage> Send(Uri address, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = authorization;
        foreach (var type in ManifestTypes)
        {
            request.Headers.Accept.ParseAdd(type);
        }

        return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> GetToken(
        Uri registry, AuthChallenge challenge, ImageReference reference, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https"))
        {
            throw new DeniedException($"it sends to '{challenge["realm"]}' for a token, which is no address");
        }

        if (credential is not null && registry.Scheme == "https" && realm.Scheme != "https")
        {
            throw new DeniedException($"it sends to {realm.Host} for a token without encryption; the credentials are not sent there");
        }

        var scope = challenge["scope"] ?? $"repository:{reference.Repository}:pull";
        using var request = credential?.IdentityToken is { } identity
            ? Exchange(realm, challenge["service"], scope, identity)
            : Ask(realm, challenge["service"], scope, credential);
        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new DeniedException(credential is null
                ? $"{realm.Host} gives no token without credentials ({(int)response.StatusCode})"
                : $"{realm.Host} refuses the credentials ({(int)response.StatusCode})");
        }

        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var answer = Parse(bytes, RegistryJson.Default.TokenAnswer);
        return answer?.Token ?? answer?.AccessToken ?? throw new DeniedException($"{realm.Host} answered without a token");
    }

    private static HttpRequestMessage Ask(Uri realm, string? service, string scope, RegistryCredential? credential)
    {
        var separator = realm.Query.Length > 0 ? '&' : '?';
        var address = new Uri($"{realm.AbsoluteUri}{separator}service={Uri.EscapeDataString(service ?? "")}&scope={Uri.EscapeDataString(scope)}");
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = credential is null ? null : Basic(credential);
        return request;
    }

    private static HttpRequestMessage Exchange(Uri realm, string? service, string scope, string identityToken) => new(HttpMethod.Post, realm)
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = identityToken,
            ["client_id"] = "sanbashi",
            ["service"] = service ?? "",
            ["scope"] = scope,
        }),
    };

    private static AuthenticationHeaderValue Basic(RegistryCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Secret}")));

    private async Task<RegistryAnswer> Read(
        HttpResponseMessage response, ImageReference reference, bool isInsecure, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            var error = Parse(bytes, RegistryJson.Default.RegistryErrors)?.Errors?.FirstOrDefault();
            var reason = error?.Message is { Length: > 0 } message ? $"{error.Code}: {message}" : $"{(int)response.StatusCode} {response.ReasonPhrase}";
            return response.StatusCode switch
            {
                HttpStatusCode.NotFound => new RegistryAnswer.Missing(reason),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new RegistryAnswer.Denied(reason),
                _ => new RegistryAnswer.Unreachable($"it answered {reason}"),
            };
        }

        var document = Parse(bytes, RegistryJson.Default.ManifestDocument);
        if (document is null)
        {
            return new RegistryAnswer.Unreachable("what answers there is no registry (no JSON manifest)");
        }

        // The digest is of the bytes received; the registry's own header is not needed and not trusted.
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (reference.Digest is { } asked && asked != digest)
        {
            return new RegistryAnswer.Unreachable($"it answered with {digest} when asked for {asked}");
        }

        if (document.Config?.Digest is { } configuration)
        {
            var architecture = await ReadArchitecture(Address(reference, isInsecure, $"blobs/{configuration}"), authorization, cancellationToken).ConfigureAwait(false);
            return new RegistryAnswer.Found(digest, architecture is null ? [] : [architecture]);
        }

        return new RegistryAnswer.Found(digest, [.. (document.Manifests ?? [])
            .Where(manifest => manifest.Platform is { Os: "linux", Architecture: not (null or "unknown") })
            .Select(manifest => manifest.Platform!.Architecture!)
            .Distinct()]);
    }

    /// <summary>Null if the registry does not give it; the pulled image will tell.</summary>
    private async Task<string?> ReadArchitecture(Uri configuration, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using var response = await Send(configuration, authorization, cancellationToken).ConfigureAwait(false);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode && Parse(bytes, RegistryJson.Default.ManifestPlatform)?.Architecture is { Length: > 0 } architecture ? architecture : null;
    }

    private static T? Parse<T>(byte[] bytes, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Cause(Exception failure) => failure.InnerException is AuthenticationException tls
        ? $"its certificate is not trusted ({tls.Message})"
        : failure.InnerException?.Message ?? failure.Message;

    private sealed class DeniedException(string reason) : Exception(reason);
}
