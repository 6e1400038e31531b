using System.Net;
using System.Net.Sockets;
using Sanbashi.Gateway.Hosting;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Overload;

public sealed class OverloadTests
{
    private const long Ceiling = 1000;

    [Fact]
    public async Task Connections_BeyondAListenersLimit_AreClosed_AndOtherListenersServe()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(
            static options => options with { MaxListenerConnections = 2, Listeners = [Loopback, Loopback] }, Routes.To(backend));
        await using var first = await Served(gateway, 0);
        var second = await Served(gateway, 0);

        (await IsClosedAtOnce(gateway, 0)).ShouldBeTrue();
        await using var elsewhere = await Served(gateway, 1);

        await second.DisposeAsync();
        await Eventually.Holds(() => IsServed(gateway, 0), "a place that came free is given again");
    }

    [Fact]
    public async Task Connections_BeyondTheGatewaysLimit_AreClosed()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(static options => options with { MaxConnections = 1, Listeners = [Loopback, Loopback] }, Routes.To(backend));
        await using var first = await Served(gateway, 0);

        (await IsClosedAtOnce(gateway, 1)).ShouldBeTrue();
    }

    [Fact]
    public async Task Memory_NearItsCeiling_ShedsNewRequests_AndLetsThoseInFlightFinish()
    {
        long used = 0;
        var mayAnswer = new TaskCompletionSource();
        await using var backend = await Backend.Start(async context =>
        {
            await mayAnswer.Task;
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "finished");
        });
        await using var gateway = await TestGateway.Serving(options => options with { MemoryCeilingBytes = Ceiling, UsedMemory = () => Interlocked.Read(ref used) }, Routes.To(backend));
        var inFlight = gateway.Client.GetStringAsync("/");
        await Eventually.Holds(() => backend.Seen.Count == 1, "the request is at the instance");

        Interlocked.Exchange(ref used, 900);
        await Eventually.Holds(() => Status(gateway) == HttpStatusCode.ServiceUnavailable, "new requests are shed, whoever they are for");
        await using (var connection = await RawConnection.To(gateway))
        {
            await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\nAccept: application/json\r\n\r\n");
            var answer = await connection.ReadToEnd();
            answer.ShouldContain("Retry-After: 1\r\n");
            answer.ShouldContain("\"error\":\"overloaded\"");
            answer.ShouldContain("Connection: close\r\n");
        }

        mayAnswer.SetResult();
        (await inFlight.InTime()).ShouldBe("finished");

        Interlocked.Exchange(ref used, 0);
        await Eventually.Holds(() => Status(gateway) == HttpStatusCode.NotFound, "requests are taken again");
        (await gateway.Client.GetStringAsync("/").InTime()).ShouldBe("finished");
        backend.Seen.Count.ShouldBe(2, "what was shed never reached the instance");
    }

    [Fact]
    public async Task Memory_AtItsCeiling_ClosesNewConnections_AndKeepsThoseThatAreOpen()
    {
        long used = 0;
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(options => options with { MemoryCeilingBytes = Ceiling, UsedMemory = () => Interlocked.Read(ref used) }, Routes.To(backend));
        await using var open = await Served(gateway, 0);

        Interlocked.Exchange(ref used, Ceiling);
        await Eventually.Holds(() => !IsServed(gateway, 0), "new connections are closed");
        await open.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n");
        (await open.ReadUntil("503 ")).ShouldContain("overloaded", Case.Insensitive);

        Interlocked.Exchange(ref used, 0);
        await Eventually.Holds(() => IsServed(gateway, 0), "connections are taken again");
    }

    private static GatewayListener Loopback => GatewayListener.Bind(ListenerKind.Http, new IPEndPoint(IPAddress.Loopback, 0));

    private static HttpStatusCode? Status(TestGateway gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "nobody" } };
        using var response = gateway.Client.Send(request);
        return response.StatusCode;
    }

    private static async Task<bool> IsClosedAtOnce(TestGateway gateway, int listener)
    {
        try
        {
            await using var connection = await RawConnection.To(new Uri(gateway.Host.Addresses[listener]));
            return await connection.ReadToEnd() == "";
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It was so quick that connecting already met it.
            return true;
        }
    }

    private static bool IsServed(TestGateway gateway, int listener)
    {
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Host.Addresses[listener]) { Headers = { Host = Routes.Host } };
            using var response = client.Send(request);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<RawConnection> Served(TestGateway gateway, int listener)
    {
        var connection = await RawConnection.To(new Uri(gateway.Host.Addresses[listener]));
        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n");
        (await connection.ReadUntil("\r\n\r\n")).ShouldStartWith("HTTP/1.1 200 ");
        return connection;
    }
}
