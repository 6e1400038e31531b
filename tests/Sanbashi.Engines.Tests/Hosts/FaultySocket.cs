using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>
/// Stands before an engine's socket and carries requests over, until a number of changing calls has been done: that answer is lost, and all that follow are.
/// The engine has done the work, and the caller will never know; as after a kill -9.
/// </summary>
internal sealed class FaultySocket : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _engine;
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"sanbashi-{Guid.NewGuid():n}.sock");
    private int _left;

    private FaultySocket(string socket, int changingCalls)
    {
        _left = changingCalls;
        var path = socket["unix://".Length..];
        _engine = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                return new NetworkStream(connection, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://engine") };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(_file));
        _server = builder.Build();
        _server.Run(Carry);
    }

    public string Address => "unix://" + _file;

    /// <summary>Whether the limit was never reached.</summary>
    public bool IsIntact => Volatile.Read(ref _left) > 0;

    public static async Task<FaultySocket> Start(string socket, int changingCalls)
    {
        var faulty = new FaultySocket(socket, changingCalls);
        await faulty._server.StartAsync();
        return faulty;
    }

    /// <summary>From now on nothing is carried over, and what is under way breaks.</summary>
    public async Task Break()
    {
        Volatile.Write(ref _left, 0);
        await _server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _engine.Dispose();
        File.Delete(_file);
    }

    private async Task Carry(HttpContext context)
    {
        if (Volatile.Read(ref _left) <= 0)
        {
            context.Abort();
            return;
        }

        var method = new HttpMethod(context.Request.Method);
        using var request = new HttpRequestMessage(method, context.Request.Path + context.Request.QueryString);
        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        using var response = await _engine.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        if (method != HttpMethod.Get && Interlocked.Decrement(ref _left) <= 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        if (response.Headers.TryGetValues("Api-Version", out var version))
        {
            context.Response.Headers["Api-Version"] = version.First();
        }

        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
        {
            await context.Response.StartAsync(context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
