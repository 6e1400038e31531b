using System.Net;
using System.Text.RegularExpressions;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Forwarding;

public sealed partial class HeaderTests
{
    [Fact]
    public async Task ForwardedHeaders_OfAClient_AreReplaced()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send(
            $"GET / HTTP/1.1\r\nHost: {Routes.Host}:8080\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Port: 1\r\nForwarded: for=6.6.6.6\r\nConnection: close\r\n\r\n");
        await connection.ReadToEnd();

        var seen = backend.Seen.Single();
        seen["X-Forwarded-For"].ShouldBe("127.0.0.1");
        seen["X-Forwarded-Proto"].ShouldBe("http");
        seen["X-Forwarded-Host"].ShouldBe($"{Routes.Host}:8080");
        seen["X-Forwarded-Port"].ShouldBe("8080");
        seen["Forwarded"].ShouldBeNull();
        seen["Host"].ShouldBe($"{Routes.Host}:8080");
    }

    [Fact]
    public async Task ForwardedHeaders_OfATrustedProxy_AreKeptAndExtended()
    {
        await using var backend = await Backend.Start("ok");
        var (platform, _) = await Platform.Serving(Routes.To(backend));
        await using var owned = platform;
        var gateway = await platform.AddGateway(change: options => options with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n");
        await connection.ReadToEnd();

        var seen = backend.Seen.Single();
        seen["X-Forwarded-For"].ShouldBe("6.6.6.6, 127.0.0.1");
        seen["X-Forwarded-Proto"].ShouldBe("https");
        seen["X-Forwarded-Port"].ShouldBe("80");
    }

    [Theory]
    [InlineData("close, X-Private , x-other, Host")]
    [InlineData("X-Other, X-Private, Host, keep-alive, close")]
    public async Task ConnectionHeaders_AreNotPassedOn(string list)
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send(
            $"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\nConnection: {list}\r\nX-Private: 1\r\nX-Other: 2\r\nX-Public: 3\r\nKeep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nTE: trailers\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n");
        await connection.ReadToEnd();

        var seen = backend.Seen.Single();
        seen["X-Public"].ShouldBe("3");
        seen["Host"].ShouldBe(Routes.Host);
        foreach (var name in new[] { "X-Private", "X-Other", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade", "HTTP2-Settings" })
        {
            seen[name].ShouldBeNull(name);
        }
    }

    [Fact]
    public async Task ConnectionHeaders_OfAResponse_AreNotPassedOn()
    {
        await using var backend = await RawBackend.Start("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: X-Secret\r\nX-Secret: 1\r\nKeep-Alive: timeout=5\r\nX-Open: \xe9\r\n\r\nok");
        await using var gateway = await TestGateway.Serving(Routes.To() with { Instances = [backend.AsInstance()] });
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\nConnection: close\r\n\r\n");
        var answer = await connection.ReadToEnd();

        answer.ShouldNotContain("X-Secret");
        answer.ShouldNotContain("Keep-Alive");
        answer.ShouldNotContain("Server:");
        answer.ShouldContain("X-Open: \xe9\r\n", customMessage: "bytes beyond ASCII arrive as they were sent");
    }

    [Fact]
    public async Task RequestId_OfTheClient_IsPassedOn()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Request-Id", "abc-123" } } };
        await gateway.Client.SendAsync(request);

        backend.Seen.Single()["X-Request-Id"].ShouldBe("abc-123");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("has space")]
    public async Task RequestId_ThatIsMissingOrOdd_IsMade(string? sent)
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (sent is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Request-Id", sent);
        }

        await gateway.Client.SendAsync(request);

        ThirtyTwoHexDigits().IsMatch(backend.Seen.Single()["X-Request-Id"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task TraceParent_ThatIsValid_IsPassedOnWithItsState()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "traceparent", Trace }, { "tracestate", "a=1" } } };
        await gateway.Client.SendAsync(request);

        backend.Seen.Single()["traceparent"].ShouldBe(Trace);
        backend.Seen.Single()["tracestate"].ShouldBe("a=1");
    }

    [Theory]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("nonsense")]
    public async Task TraceParent_ThatIsNotValid_IsMadeAnew(string sent)
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "traceparent", sent }, { "tracestate", "a=1" } } };
        await gateway.Client.SendAsync(request);

        var made = backend.Seen.Single()["traceparent"]!;
        Sanbashi.Gateway.Forwarding.TraceParent.IsValid(made).ShouldBeTrue(made);
        made.ShouldNotBe(sent);
        backend.Seen.Single()["tracestate"].ShouldBeNull();
    }

    [Theory]
    [InlineData("/a%2Fb%20c?q=%7E&x")]
    [InlineData("/a/../b/./c//d")]
    [InlineData("/?")]
    [InlineData("/~a;b=c/%E3%81%82")]
    [InlineData("/a|b{c}^d`\"")]
    [InlineData("/x#y")]
    public async Task Target_IsPassedOnAsItWasSent(string target)
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET {target} HTTP/1.1\r\nHost: {Routes.Host}\r\nConnection: close\r\n\r\n");
        await connection.ReadToEnd();

        backend.Seen.Single().RawTarget.ShouldBe(target);
    }

    [Fact]
    public async Task Target_InAbsoluteForm_IsPassedOnInOriginForm()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET http://{Routes.Host}/a/b?c HTTP/1.1\r\nHost: {Routes.Host}\r\nConnection: close\r\n\r\n");
        await connection.ReadToEnd();

        backend.Seen.Single().RawTarget.ShouldBe("/a/b?c");
    }

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex ThirtyTwoHexDigits();
}
