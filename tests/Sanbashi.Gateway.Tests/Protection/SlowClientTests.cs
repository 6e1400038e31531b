using Microsoft.AspNetCore.Http;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Protection;

/// <summary>Slow is not wrong; but what a slow client holds comes free in time.</summary>
public sealed class SlowClientTests
{
    [Fact]
    public async Task Headers_ThatDoNotEndInTheirTime_Are408AndTheConnectionClosed()
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.Serving(static options => options with { RequestHeadersTimeout = TimeSpan.FromSeconds(1) }, backend.Route());
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\nX: ");
        var answer = await connection.ReadToEnd();

        answer.ShouldStartWith("HTTP/1.1 408 ");
        backend.Bytes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Body_ThatDoesNotEndInTheRequestTime_FreesItsInstance()
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.Serving(backend.Route().With(static limits => limits with { RequestTimeout = TimeSpan.FromSeconds(1) }));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"POST / HTTP/1.1\r\nHost: {Routes.Host}\r\nContent-Length: 1000\r\n\r\nabc");
        var answer = await connection.ReadToEnd();

        answer.ShouldStartWith("HTTP/1.1 504 ");
        backend.Requests.ShouldBeEmpty("half a body is no request");
        await Eventually.Holds(() => gateway.Host.InFlight == 0, "nothing is in flight");
    }

    [Fact]
    public async Task Answer_ThatNobodyReads_FreesItsInstanceWithTheRequestTime()
    {
        var chunk = new byte[64 * 1024];
        await using var backend = await Backend.Start(async context =>
        {
            context.Response.ContentLength = 1024L * chunk.Length;
            for (var i = 0; i < 1024; i++)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend).With(static limits => limits with { RequestTimeout = TimeSpan.FromSeconds(1) }));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n");
        await Eventually.Holds(() => backend.Seen.Count == 1, "the request is at the instance");

        await Eventually.Holds(() => gateway.Host.InFlight == 0, "nothing is in flight");
    }

    [Fact]
    public async Task Request_ThatComesByteByByte_IsServed()
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.Serving(backend.Route());
        await using var connection = await RawConnection.To(gateway);

        foreach (var one in $"POST /slow HTTP/1.1\r\nHost: {Routes.Host}\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd")
        {
            await connection.Send(one.ToString());
        }

        (await connection.ReadToEnd()).ShouldStartWith("HTTP/1.1 200 ");
        backend.Requests.Single().Body.ShouldBe("abcd");
    }
}
