using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace Sanbashi.TestApp;

/// <summary>Answers that last: events, WebSockets, trailers.</summary>
internal sealed class StreamEndpoints(AppSettings settings, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan EventInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>An event every 100 ms, <c>count</c> of them or without end; the last one on SIGTERM is named <c>bye</c>.</summary>
    public async Task SendEvents(HttpContext context)
    {
        var count = AppEndpoints.Number(context, "count", int.MaxValue);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-App-Version"] = settings.Version;
        for (var i = 0; i < count && !context.RequestAborted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested; i++)
        {
            await context.Response.WriteAsync($"id: {i}\ndata: {settings.Version}\n\n");
            await context.Response.Body.FlushAsync();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            await Task.Delay(EventInterval, either.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        if (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync("event: bye\ndata: end\n\n");
        }
    }

    /// <summary>Sends back every message; <c>version</c> is answered with the version. Closes with 1001 on SIGTERM.</summary>
    public async Task Echo(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = 426;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var message = await socket.ReceiveAsync(buffer, lifetime.ApplicationStopping);
                if (message.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    return;
                }

                var isVersion = message.EndOfMessage && buffer.AsSpan(0, message.Count).SequenceEqual("version"u8);
                await socket.SendAsync(isVersion ? System.Text.Encoding.UTF8.GetBytes(settings.Version) : buffer.AsMemory(0, message.Count),
                    message.MessageType, message.EndOfMessage, CancellationToken.None);
            }
        }
        catch (WebSocketException)
        {
            // The other side is gone without a close frame: nobody to answer.
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Cancelling a receive aborts the socket; the close code cannot be sent any more, and the connection ends with the process.
        }
    }

    /// <summary>What a gRPC call looks like on the wire: a body, then trailers.</summary>
    public async Task SendTrailers(HttpContext context)
    {
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>();
        context.Response.ContentType = context.Request.ContentType ?? "application/grpc";
        context.Response.Headers["X-App-Version"] = settings.Version;
        await context.Request.Body.CopyToAsync(context.Response.Body);
        await context.Response.Body.FlushAsync();
        if (trailers is not null)
        {
            trailers.Trailers["grpc-status"] = "0";
            trailers.Trailers["grpc-message"] = "done";
        }
    }
}
