using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Sanbashi.Wire.Tests.Signatures;

/// <summary>One request that botocore signed, as it goes over the wire.</summary>
public sealed record SignatureVector(
    string Name,
    string Now,
    string AccessKeyId,
    string SecretAccessKey,
    string? SessionToken,
    string Service,
    string Region,
    string Method,
    string Url,
    string[][] Headers,
    string Body)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public static IReadOnlyList<SignatureVector> All { get; } = Load();

    public ApiCredential Credential => new(AccessKeyId, SecretAccessKey, SessionToken, "000000000000");

    public DateTimeOffset Time => DateTimeOffset.Parse(Now, CultureInfo.InvariantCulture);

    public byte[] BodyBytes => Convert.FromBase64String(Body);

    /// <summary>Path and query as sent.</summary>
    public string Target
    {
        get
        {
            var slash = Url.IndexOf('/', Url.IndexOf("://", StringComparison.Ordinal) + 3);
            return slash < 0 ? "/" : Url[slash..];
        }
    }

    internal SignedRequest Request()
    {
        var headers = new HeaderDictionary();
        foreach (var header in Headers)
        {
            headers[header[0]] = StringValues.Concat(headers[header[0]], header[1]);
        }

        var (path, query) = RawTarget.Split(Target);
        return new SignedRequest(Method, path, query, headers, BodyBytes);
    }

    internal ValueTask<VerifiedCaller> Verify(SignedRequest request, DateTimeOffset? now = null, string? expectedService = null)
    {
        var verifier = new SigV4Verifier(
            new TestCredentialStore(Credential),
            Microsoft.Extensions.Options.Options.Create(new WireOptions { TimeProvider = new FixedTime(now ?? Time) }));
        return verifier.Verify(request, expectedService, CancellationToken.None);
    }

    public override string ToString() => Name;

    private static List<SignatureVector> Load()
    {
        using var stream = typeof(SignatureVector).Assembly.GetManifestResourceStream("botocore-signatures.json")!;
        return JsonSerializer.Deserialize<List<SignatureVector>>(stream, Options)!;
    }
}
