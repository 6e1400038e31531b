using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sanbashi.Wire.Tests.Dispatch;

namespace Sanbashi.Wire.Tests.Signatures;

/// <summary>What is refused before and after the signature is computed, in AWS's own words.</summary>
public sealed class SigV4VerifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(-301, "Signature expired: 20260102T025904Z is now earlier than 20260102T025905Z (20260102T030405Z - 5 min.)")]
    [InlineData(301, "Signature not yet current: 20260102T030906Z is still later than 20260102T030905Z (20260102T030405Z + 5 min.)")]
    public async Task Header_ClockTooFarOff_IsRefused(int seconds, string message)
    {
        var refused = await Refusal(Signed(Now.AddSeconds(seconds)));

        refused.Code.ShouldBe("InvalidSignatureException");
        refused.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData(-300)]
    [InlineData(0)]
    [InlineData(300)]
    public async Task Header_ClockWithinTheSkew_IsAccepted(int seconds)
    {
        (await Verify(Signed(Now.AddSeconds(seconds)))).SignedAt.ShouldBe(Now.AddSeconds(seconds));
    }

    [Fact]
    public async Task Presigned_AfterItsLifetime_IsRefused()
    {
        var url = SigV4Signer.Presign(
            HttpMethod.Get, new Uri("http://localhost/x"), WireHost.Root, "sanbashi", "local-1", Now.AddSeconds(-61), TimeSpan.FromSeconds(60));

        var refused = await Refusal(Get(url));

        refused.Message.ShouldBe("Signature expired: 20260102T030304Z is now earlier than 20260102T030305Z (20260102T030405Z - 60 sec.)");
    }

    [Fact]
    public async Task Presigned_LongLifetime_OutlivesTheClockSkew()
    {
        var url = SigV4Signer.Presign(
            HttpMethod.Get, new Uri("http://localhost/x"), WireHost.Root, "sanbashi", "local-1", Now.AddDays(-6), TimeSpan.FromDays(7));

        (await Verify(Get(url))).Service.ShouldBe("sanbashi");
    }

    [Fact]
    public async Task NoSignature_IsMissing()
    {
        var refused = await Refusal(new SignedRequest("POST", "/", "", Headers(("Host", "localhost")), default));

        refused.Code.ShouldBe("MissingAuthenticationTokenException");
        refused.Message.ShouldBe("Missing Authentication Token");
    }

    [Theory]
    [InlineData("AWS4-HMAC-SHA256 ", "requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c/d/e,SignedHeaders=host", "requires 'Signature' parameter.")]
    [InlineData("AWS4-HMAC-SHA256 Credential=,Signature=x,SignedHeaders=host", "requires 'Credential' parameter.")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a,Credential=b,Signature=x,SignedHeaders=host", "requires 'Credential' parameter.")]
    [InlineData("AWS4-ECDSA-P256-SHA256 Credential=a", "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.")]
    [InlineData("Bearer abc", "Unsupported AWS 'algorithm': 'Bearer'.")]
    [InlineData("", "Unsupported AWS 'algorithm': ''.")]
    public async Task Header_Incomplete_SaysWhatIsMissing(string authorization, string expected)
    {
        var refused = await Refusal(new SignedRequest("POST", "/", "", Headers(("Host", "localhost"), ("Authorization", authorization)), default));

        refused.Code.ShouldBe("IncompleteSignatureException");
        refused.Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("AKIDROOT/20260102/local-1/aws4_request", "IncompleteSignatureException", "exactly 5 slash-delimited elements")]
    [InlineData("AKIDROOT/20260103/local-1/sanbashi/aws4_request", "InvalidSignatureException", "'20260103' != '20260102'")]
    [InlineData("AKIDROOT/20260102/local-1/sanbashi/aws5_request", "InvalidSignatureException", "valid terminator: 'aws4_request', not 'aws5_request'")]
    [InlineData("AKIDROOT/20260102/Local_1/sanbashi/aws4_request", "InvalidSignatureException", "valid region")]
    [InlineData("AKIDROOT/20260102/local-1/San bashi/aws4_request", "InvalidSignatureException", "valid service")]
    [InlineData("AKIDROOT/20260102//sanbashi/aws4_request", "InvalidSignatureException", "valid region")]
    [InlineData("AKIDROOT/20260102/local-1/logs/aws4_request", "InvalidSignatureException", "correct service: 'sanbashi'")]
    public async Task Scope_Wrong_IsRefused(string credential, string code, string expected)
    {
        var request = Signed(Now);
        request.Headers.Authorization = request.Headers.Authorization.ToString()
            .Replace("AKIDROOT/20260102/local-1/sanbashi/aws4_request", credential, StringComparison.Ordinal);

        var refused = await Refusal(request, "sanbashi");

        refused.Code.ShouldBe(code);
        refused.Message.ShouldContain(expected);
    }

    [Fact]
    public async Task TargetHeader_NotSigned_IsRefused()
    {
        var request = Signed(Now);
        request.Headers["X-Amz-Target"] = "AppRunner.DeleteService";

        (await Refusal(request)).Message.ShouldBe("'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.");
    }

    [Fact]
    public async Task Host_NotSigned_IsRefused()
    {
        var request = Signed(Now);
        request.Headers.Authorization = request.Headers.Authorization.ToString().Replace("SignedHeaders=host;", "SignedHeaders=", StringComparison.Ordinal);

        (await Refusal(request)).Message.ShouldBe("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    }

    [Theory]
    [InlineData("host%0Ax")]
    [InlineData("%0Ahost")]
    [InlineData("host%3B")]
    [InlineData("Host")]
    public async Task SignedHeaders_NotNames_AreRefused(string signedHeaders)
    {
        var url = SigV4Signer.Presign(HttpMethod.Get, new Uri("http://localhost/x"), WireHost.Root, "sanbashi", "local-1", Now, TimeSpan.FromSeconds(60));
        var changed = new Uri(url.OriginalString.Replace("SignedHeaders=host", $"SignedHeaders={signedHeaders}", StringComparison.Ordinal));

        (await Refusal(Get(changed))).Message.ShouldBe("SignedHeaders must be header names in lower case, separated by semicolons.");
    }

    [Fact]
    public async Task HttpContext_WebSocketHandshake_IsVerifiedWithoutWaitingForABody()
    {
        await using var host = await WireHost.Start([], map: app =>
        {
            app.UseWebSockets();
            app.Map("/exec", async context =>
            {
                await context.RequestServices.GetRequiredService<SigV4Verifier>().Verify(context, "sanbashi", context.RequestAborted);
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, context.RequestAborted);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            });
        });
        var url = SigV4Signer.Presign(
            HttpMethod.Get,
            new UriBuilder(new Uri(host.Endpoint, "/exec?session=1")) { Scheme = "ws" }.Uri,
            WireHost.Temporary,
            "sanbashi",
            "local-1",
            TimeProvider.System.GetUtcNow(),
            TimeSpan.FromSeconds(60));
        using var socket = new ClientWebSocket();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));

        await socket.ConnectAsync(url, deadline.Token);
        var buffer = new byte[16];
        var received = await socket.ReceiveAsync(buffer, deadline.Token);

        Encoding.UTF8.GetString(buffer, 0, received.Count).ShouldBe("hello");
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);
    }

    [Fact]
    public async Task BothForms_AtOnce_AreRefused()
    {
        var url = SigV4Signer.Presign(HttpMethod.Get, new Uri("http://localhost/x"), WireHost.Root, "sanbashi", "local-1", Now, TimeSpan.FromSeconds(60));
        var request = Get(url);
        request.Headers.Authorization = Signed(Now).Headers.Authorization;

        (await Refusal(request)).Code.ShouldBe("IncompleteSignatureException");
    }

    [Fact]
    public async Task StatedHash_OfAnotherBody_IsRefusedAsAMismatch()
    {
        var request = Signed(Now);
        var stated = new string('0', 64);
        request.Headers["X-Amz-Content-SHA256"] = stated;

        (await Refusal(request)).Message.ShouldBe(SigV4Verifier.Mismatch);
    }

    [Fact]
    public async Task UnknownKey_AndWrongSecret_AreBothComputed()
    {
        (await Refusal(Signed(Now, WireHost.Root with { AccessKeyId = "NOBODY" }))).Code.ShouldBe("UnrecognizedClientException");
        (await Refusal(Signed(Now, WireHost.Root with { SecretAccessKey = "no" }))).Code.ShouldBe("InvalidSignatureException");
        (await Refusal(Signed(Now, WireHost.Root with { SessionToken = "given" }))).Message.ShouldBe("The security token included in the request is invalid.");
        (await Refusal(Signed(Now, WireHost.Temporary with { SessionToken = null }))).Message.ShouldBe("The security token included in the request is invalid.");
    }

    [Fact]
    public async Task HttpContext_UnsignedPayload_LeavesTheBodyToTheEndpoint()
    {
        await using var host = await WireHost.Start([], map: app => app.MapPost("/upload", async context =>
        {
            var caller = await context.RequestServices.GetRequiredService<SigV4Verifier>().Verify(context, "sanbashi", context.RequestAborted);
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync($"{caller.Account} {(await reader.ReadToEndAsync(context.RequestAborted)).Length}");
        }));
        var body = new string('x', 5 * 1024 * 1024);

        (await Send(unsigned: true)).ShouldBe("000000000000 5242880");
        (await Should.ThrowAsync<HttpRequestException>(() => Send(unsigned: false))).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        body = "small";
        (await Send(unsigned: false)).ShouldBe("000000000000 5");

        async Task<string> Send(bool unsigned)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Endpoint, "/upload")) { Content = new StringContent(body) };
            SigV4Signer.Sign(request, Encoding.UTF8.GetBytes(body), WireHost.Root, "sanbashi", "local-1", TimeProvider.System.GetUtcNow(), unsigned);
            using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
            return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void Presign_OutsideOneSecondToSevenDays_IsRefused()
    {
        foreach (var lifetime in new[] { TimeSpan.Zero, TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1) })
        {
            Should.Throw<ArgumentOutOfRangeException>(() =>
                SigV4Signer.Presign(HttpMethod.Get, new Uri("http://localhost/"), WireHost.Root, "sanbashi", "local-1", Now, lifetime));
        }
    }

    [Fact]
    public void Credential_AsText_ShowsNoSecret()
    {
        WireHost.Temporary.ToString().ShouldBe("ApiCredential ASIATEMP of 111111111111");
    }

    private static SignedRequest Signed(DateTimeOffset now, ApiCredential? credential = null)
    {
        var body = "{}"u8.ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/");
        SigV4Signer.Sign(request, body, credential ?? WireHost.Root, "sanbashi", "local-1", now);
        var headers = Headers([("Host", "localhost"), .. request.Headers.NonValidated.Select(header => (header.Key, header.Value.ToString()))]);
        return new SignedRequest("POST", "/", "", headers, body);
    }

    private static SignedRequest Get(Uri url) => new("GET", url.AbsolutePath, url.Query[1..], Headers(("Host", url.Authority)), default);

    private static HeaderDictionary Headers(params (string Name, string Value)[] values)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in values)
        {
            headers[name] = value;
        }

        return headers;
    }

    private static ValueTask<VerifiedCaller> Verify(SignedRequest request, string? service = null) => new SigV4Verifier(
        new TestCredentialStore(WireHost.Root, WireHost.Temporary),
        Options.Create(new WireOptions { TimeProvider = new FixedTime(Now) })).Verify(request, service, CancellationToken.None);

    private static async Task<ApiException> Refusal(SignedRequest request, string? service = null) =>
        await Should.ThrowAsync<ApiException>(async () => await Verify(request, service));
}
