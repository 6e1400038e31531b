using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sanbashi.Wire.Tests.Dispatch;

namespace Sanbashi.Wire.Tests.Signatures;

/// <summary>Signatures of botocore are accepted, and nothing that differs from what it signed.</summary>
public sealed class BotocoreVectorTests
{
    public static TheoryData<string> Names => [.. SignatureVector.All.Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Vector_AsSigned_IsAccepted(string name)
    {
        var vector = Find(name);

        var caller = await vector.Verify(vector.Request());

        caller.AccessKeyId.ShouldBe(vector.AccessKeyId);
        caller.Region.ShouldBe(vector.Region);
        caller.Service.ShouldBe(vector.Service);
        caller.SignedAt.ShouldBe(vector.Time);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Vector_AnyPartChanged_IsRefused(string name)
    {
        var vector = Find(name);
        var request = vector.Request();
        var isUnsigned = request.Headers["X-Amz-Content-SHA256"] == CanonicalRequest.UnsignedPayload;

        var changed = new List<SignedRequest>
        {
            request with { Method = "TRACE" },
            request with { RawPath = request.RawPath + "x" },
            request with { RawQuery = request.RawQuery.Length == 0 ? "x=1" : request.RawQuery + "&x=1" },
            request with { RawQuery = "x=1" + (request.RawQuery.Length == 0 ? "" : "&" + request.RawQuery) },
        };
        if (!isUnsigned)
        {
            changed.Add(request with { Body = (byte[])[.. vector.BodyBytes, 32] });
        }

        foreach (var header in request.Headers.Keys.Where(key => IsSigned(request, key)))
        {
            var headers = new HeaderDictionary();
            foreach (var (key, values) in request.Headers)
            {
                headers[key] = key == header ? values + "x" : values;
            }

            changed.Add(request with { Headers = headers });
        }

        foreach (var one in changed)
        {
            var refused = await Should.ThrowAsync<ApiException>(async () => await vector.Verify(one));
            refused.Code.ShouldBeOneOf("InvalidSignatureException", "IncompleteSignatureException");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Vector_OtherSecretKeyOrToken_IsRefused(string name)
    {
        var vector = Find(name);

        (await Should.ThrowAsync<ApiException>(async () => await (vector with { SecretAccessKey = "x" }).Verify(vector.Request())))
            .Message.ShouldStartWith("The request signature we calculated does not match the signature you provided.");
        (await Should.ThrowAsync<ApiException>(async () => await (vector with { AccessKeyId = "OTHER" }).Verify(vector.Request())))
            .Code.ShouldBe("UnrecognizedClientException");
        (await Should.ThrowAsync<ApiException>(async () => await (vector with { SessionToken = "other" }).Verify(vector.Request())))
            .Message.ShouldBe("The security token included in the request is invalid.");
    }

    /// <summary>
    /// Not those that .NET spells differently, that are presigned (they have a test of their own), that use Date, and the
    /// queries that botocore signs as they stand, against the rules.
    /// </summary>
    public static TheoryData<string> NamesForTheSigner =>
    [
        .. from vector in SignatureVector.All
           where new Uri(vector.Url).PathAndQuery == vector.Target
               && !vector.Url.Contains("X-Amz-Signature=", StringComparison.Ordinal)
               && !vector.Headers.Any(header => header[0] == "Date")
               && vector.Target is not ("/?a=/b" or "/?a=b=c" or "/?a=%2f" or "/?a=b:c,d" or "/?x=*~-_.")
           select vector.Name,
    ];

    [Theory]
    [MemberData(nameof(NamesForTheSigner))]
    public void Signer_SameRequest_MakesTheSameSignature(string name)
    {
        var vector = Find(name);
        var uri = new Uri(vector.Url);
        using var request = new HttpRequestMessage(new HttpMethod(vector.Method), uri) { Content = new ByteArrayContent(vector.BodyBytes) };
        foreach (var header in vector.Headers.Where(header => header[0] is not ("Authorization" or "Host")))
        {
            if (!request.Headers.TryAddWithoutValidation(header[0], header[1]))
            {
                request.Content.Headers.TryAddWithoutValidation(header[0], header[1]);
            }
        }

        SigV4Signer.Sign(
            request, vector.BodyBytes, vector.Credential, vector.Service, vector.Region, vector.Time, unsignedPayload: vector.Name.Contains("unsigned"));

        request.Headers.GetValues("Authorization").ShouldHaveSingleItem()
            .ShouldBe(vector.Headers.Single(header => header[0] == "Authorization")[1]);
    }

    [Theory]
    [InlineData("presigned")]
    [InlineData("presigned query")]
    [InlineData("presigned token")]
    [InlineData("presigned odd key")]
    [InlineData("presigned form")]
    [InlineData("presigned put")]
    public async Task Presign_SameRequest_MakesAUrlThatIsAccepted(string name)
    {
        var vector = Find(name);
        var plain = vector.Url[..vector.Url.IndexOf("X-Amz-Algorithm", StringComparison.Ordinal)].TrimEnd('&', '?');
        var lifetime = name == "presigned query" ? TimeSpan.FromDays(7) : TimeSpan.FromSeconds(60);

        var url = SigV4Signer.Presign(
            new HttpMethod(vector.Method), new Uri(plain), vector.Credential, vector.Service, vector.Region, vector.Time, lifetime);

        url.OriginalString.ShouldBe(vector.Url);
        await vector.Verify((vector with { Url = url.OriginalString }).Request());
    }

    [Fact]
    public async Task Botocore_Live_IsAcceptedOverHttp()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python) && await HasBotocore(Python), "python3-botocore is not installed");
        var odd = SignatureVector.All.Single(vector => vector.Name == "odd key").Credential;
        await using var host = await WireHost.Start([], map: app =>
        {
            var verifier = new SigV4Verifier(
                new TestCredentialStore(WireHost.Root, WireHost.Temporary, odd),
                Microsoft.Extensions.Options.Options.Create(new WireOptions()));
            app.Map("/{**path}", async context =>
            {
                try
                {
                    await verifier.Verify(context, null, context.RequestAborted);
                }
                catch (ApiException refused)
                {
                    context.Response.StatusCode = 403;
                    await context.Response.WriteAsync(refused.Message);
                }
            });
        });

        var script = Path.Combine(Path.GetTempPath(), $"botocore-signatures-{Guid.NewGuid():N}.py");
        await using (var source = typeof(BotocoreVectorTests).Assembly.GetManifestResourceStream("botocore_signatures.py")!)
        await using (var file = File.Create(script))
        {
            await source.CopyToAsync(file);
        }

        try
        {
            var (exit, output) = await Run(Python, script, "--send", host.Endpoint.ToString());

            exit.ShouldBe(0, output);
            var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.Length.ShouldBeGreaterThan(60);
            lines.Where(line => !line.StartsWith("200 ", StringComparison.Ordinal)).ShouldBeEmpty();
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static bool IsSigned(SignedRequest request, string header) =>
        SignatureClaim.Read(request.Headers, request.RawQuery).SignedHeaders.Contains(header.ToLowerInvariant());

    private static SignatureVector Find(string name) => SignatureVector.All.Single(vector => vector.Name == name);

    private static async Task<bool> HasBotocore(string python) => (await Run(python, "-c", "import botocore")).Exit == 0;

    private static async Task<(int Exit, string Output)> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }
}
