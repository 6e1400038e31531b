using System.Net.Sockets;
using System.Text;

namespace Sanbashi.Wire.Tests.Dispatch;

/// <summary>Requests that no HTTP client would send.</summary>
public sealed class BrokenHttpTests
{
    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400 ", "\"__type\":\"MalformedHttpRequestException\"")]
    [InlineData("Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 400 ", "the content encoding 'gzip', which isn't supported")]
    [InlineData("Content-Length: 9999999999\r\n\r\n", "HTTP/1.1 413 ", "\"__type\":\"RequestEntityTooLargeException\"")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "HTTP/1.1 403 ", "\"__type\":\"MissingAuthenticationTokenException\"")]
    [InlineData("X-Amz-Target: AppRunner.ListServices\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 404 ", "\"__type\":\"UnknownOperationException\"")]
    public async Task Request_Broken_IsAnsweredAsAnError(string rest, string status, string expected)
    {
        await using var host = await WireHost.Start([new ApiService(ServiceModel.LoadEmbedded("apprunner")).Handle("ListServices", WireHost.Answer([]))]);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(host.Endpoint.Host, host.Endpoint.Port, deadline.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AppRunner.ListServices\r\n{rest}"), deadline.Token);

        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains(expected, StringComparison.Ordinal) && await stream.ReadAsync(buffer, deadline.Token) is > 0 and var read)
        {
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        answer.ToString().ShouldStartWith(status);
        answer.ToString().ShouldContain(expected);
    }
}
