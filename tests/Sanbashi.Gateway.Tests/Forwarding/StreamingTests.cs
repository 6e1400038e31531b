using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Forwarding;

public sealed class StreamingTests
{
    [Fact]
    public async Task Upload_Of100Megabytes_ArrivesWholeAndIsNotBuffered()
    {
        const int Chunk = 64 * 1024;
        const long Size = 100L * 1024 * 1024;
        var firstBytes = new TaskCompletionSource();
        await using var backend = await Backend.Start(async context =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[Chunk];
            long length = 0;
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer)) > 0)
            {
                firstBytes.TrySetResult();
                hash.AppendData(buffer, 0, read);
                length += read;
            }

            await context.Response.WriteAsync($"{length} {Convert.ToHexString(hash.GetHashAndReset())}");
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var data = RandomNumberGenerator.GetBytes(Chunk);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;

        await connection.Send($"POST / HTTP/1.1\r\nHost: {Routes.Host}\r\nContent-Length: {Size}\r\nConnection: close\r\n\r\n");
        for (long position = 0; position < Size; position += Chunk)
        {
            await connection.Send(data);
            sent.AppendData(data);
            if (position == 0)
            {
                await firstBytes.Task.InTime();
            }

            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - before);
        }

        var answer = await connection.ReadToEnd();

        answer.ShouldContain($"{Size} {Convert.ToHexString(sent.GetHashAndReset())}");
        most.ShouldBeLessThan(Size / 2);
    }

    [Fact]
    public async Task Download_ThatTheClientDoesNotRead_IsHeldBackAtTheInstance()
    {
        long written = 0;
        await using var backend = await Backend.Start(async context =>
        {
            var data = new byte[64 * 1024];
            while (Interlocked.Read(ref written) < 200L * 1024 * 1024)
            {
                await context.Response.Body.WriteAsync(data, context.RequestAborted);
                Interlocked.Add(ref written, data.Length);
            }
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n");
        await connection.ReadUntil("\r\n\r\n");
        long last = -1;
        await Eventually.Holds(
            () =>
            {
                var now = Interlocked.Read(ref written);
                var rests = now == last;
                last = now;
                Thread.Sleep(100);
                return rests;
            },
            "the instance is held back");

        last.ShouldBeLessThan(64L * 1024 * 1024);
        connection.Reset();
        await Eventually.Holds(() => gateway.Host.InFlight == 0, "the client's end reached the exchange");
    }

    [Fact]
    public async Task Answer_InParts_ArrivesPartByPart()
    {
        var go = new SemaphoreSlim(0);
        await using var backend = await Backend.Start(async context =>
        {
            for (var i = 1; i <= 3; i++)
            {
                await context.Response.WriteAsync($"part{i};");
                await context.Response.Body.FlushAsync();
                await go.WaitAsync();
            }
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\nConnection: close\r\n\r\n");
        (await connection.ReadUntil("part1;")).ShouldNotContain("part2;");
        go.Release();
        (await connection.ReadUntil("part2;")).ShouldNotContain("part3;");
        go.Release();
        await connection.ReadUntil("part3;");
        go.Release();
        (await connection.ReadToEnd()).ShouldEndWith("0\r\n\r\n");
    }

    [Fact]
    public async Task EventStream_BeforeItsFirstEvent_HasSentItsHeaders()
    {
        var go = new TaskCompletionSource();
        await using var backend = await Backend.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            await go.Task;
            await context.Response.WriteAsync("data: 1\n\n");
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\nConnection: close\r\n\r\n");
        (await connection.ReadUntil("\r\n\r\n")).ShouldContain("text/event-stream");
        go.SetResult();
        (await connection.ReadToEnd()).ShouldContain("data: 1\n\n");
    }

    [Fact]
    public async Task Client_ThatGoesAway_EndsTheRequestAtTheInstance()
    {
        var aborted = new TaskCompletionSource();
        await using var backend = await Backend.Start(async context =>
        {
            using var registration = context.RequestAborted.Register(aborted.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n");
        await Eventually.Holds(() => backend.Seen.Count == 1, "the request is at the instance");
        connection.Reset();

        await aborted.Task.InTime();
        await Eventually.Holds(() => gateway.Host.InFlight == 0, "nothing is in flight");
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    public async Task Answer_WithoutABody_EndsAtOnce(string method, int status)
    {
        await using var backend = await Backend.Start(context =>
        {
            context.Response.StatusCode = status;
            if (status != 204)
            {
                context.Response.ContentLength = 1234;
            }

            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"{method} / HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n{method} /again HTTP/1.1\r\nHost: {Routes.Host}\r\nConnection: close\r\n\r\n");
        var answer = await connection.ReadToEnd();

        answer.Split($"HTTP/1.1 {status} ").Length.ShouldBe(3, answer);
        backend.Seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Post_WithoutABody_StaysWithoutOne()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"POST / HTTP/1.1\r\nHost: {Routes.Host}\r\nContent-Length: 0\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n");
        await connection.ReadToEnd();

        backend.Seen.Single()["Content-Length"].ShouldBe("0");
        backend.Seen.Single()["Content-Type"].ShouldBe("text/plain");
        backend.Seen.Single()["Transfer-Encoding"].ShouldBeNull();
    }

    [Fact]
    public async Task Expect100_IsAnsweredWhenTheInstanceReads()
    {
        await using var backend = await Backend.Start(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync("got " + await reader.ReadToEndAsync());
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"POST / HTTP/1.1\r\nHost: {Routes.Host}\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        await connection.ReadUntil("100 Continue\r\n\r\n");
        await connection.Send("body");

        (await connection.ReadToEnd()).ShouldContain("got body");
    }

    [Fact]
    public async Task Http2Backend_IsSpokenToWithPriorKnowledge()
    {
        await using var backend = await Backend.Start(context => context.Response.WriteAsync(context.Request.Protocol), HttpProtocols.Http2);
        await using var gateway = await TestGateway.Serving(Routes.To(backend).With(limits => limits with { Protocol = InstanceProtocol.Http2 }));

        (await gateway.Client.GetStringAsync("/")).ShouldBe("HTTP/2");
    }

    [Fact]
    public async Task Answer_ThatBreaksOff_IsCutAndNotCompleted()
    {
        await using var backend = await RawBackend.Start(async connection =>
        {
            await connection.ReadHead();
            await connection.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            connection.Reset();
        });
        await using var gateway = await TestGateway.Serving(Routes.To() with { Instances = [backend.AsInstance()] });

        await Should.ThrowAsync<HttpRequestException>(() => gateway.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task Answer_ThatIsNotHttp_Is502()
    {
        await using var backend = await RawBackend.Start("SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n");
        await using var gateway = await TestGateway.Serving(Routes.To() with { Instances = [backend.AsInstance()] });

        (await gateway.Client.PostAsync("/", new StringContent("x"))).StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }
}
