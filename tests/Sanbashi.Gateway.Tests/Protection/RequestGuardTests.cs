using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Protection;

public sealed class RequestGuardTests
{
    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.0\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: -4\r\n\r\nabcd", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4, 4\r\n\r\nabcd", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0x4\r\n\r\nabcd", "400")]
    [InlineData("GET / HTTP/1.1\nHost: {host}\n\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\nX-A: b\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nX-A: b\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nX-A : b\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\n X-Folded: b\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nX-A: b\0c\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nHost: other\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "400")]
    [InlineData("CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n", "405")]
    [InlineData("GARBAGE\r\n\r\n", "400")]
    public async Task Request_ThatIsAmbiguous_IsRefusedAndNotForwarded(string request, string status)
    {
        await using var backend = await Backend.Start("reached");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send(request.Replace("{host}", Routes.Host, StringComparison.Ordinal));
        var answer = await connection.ReadUntil("\r\n\r\n");

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        backend.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Connection_OfARefusedRequest_IsClosed()
    {
        await using var backend = await Backend.Start("reached");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"POST / HTTP/1.1\r\nHost: {Routes.Host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n");
        var answer = await connection.ReadToEnd();

        answer.ShouldContain("Connection: close");
        answer.Split("HTTP/1.1 ").Length.ShouldBe(2, "one answer only");
        backend.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Headers_BeyondTheLimit_Are431()
    {
        await using var gateway = await TestGateway.Serving(Routes.To());
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\nX-Long: {new string('a', GatewayDefaults.MaxRequestHeadersBytes)}\r\n\r\n");

        (await connection.ReadUntil("\r\n\r\n")).ShouldStartWith("HTTP/1.1 431 ");
    }

    [Fact]
    public async Task ChunkedBody_WithBareLineFeeds_NeverReachesTheInstanceWhole()
    {
        var complete = false;
        await using var backend = await Backend.Start(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            complete = true;
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"POST / HTTP/1.1\r\nHost: {Routes.Host}\r\nTransfer-Encoding: chunked\r\n\r\n4\nabcd\r\n0\r\n\r\n");

        (await connection.ReadUntil("\r\n\r\n")).ShouldStartWith("HTTP/1.1 400 ");
        complete.ShouldBeFalse();
    }

    [Fact]
    public async Task Pipelined_Requests_AreAnsweredInOrder()
    {
        await using var backend = await Backend.Start(context => context.Response.WriteAsync(context.Request.Path));
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET /1 HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\nGET /2 HTTP/1.1\r\nHost: {Routes.Host}\r\nConnection: close\r\n\r\n");
        var answer = await connection.ReadToEnd();

        answer.IndexOf("/1", StringComparison.Ordinal).ShouldBeLessThan(answer.IndexOf("/2", StringComparison.Ordinal));
    }
}
