using System.Net.WebSockets;
using System.Text;

namespace Sanbashi.Acceptance.Tests.Load;

/// <summary>Asks for the version over a WebSocket again and again; one that is closed with 1001 is opened again.</summary>
internal sealed class WebSocketClient(Uri gateway, string host, LoadReport report) : LoadClient("websocket", report)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly byte[] _question = Encoding.UTF8.GetBytes("version");

    protected override async Task Exchange(CancellationToken stop)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", host);
        await socket.ConnectAsync(new UriBuilder(gateway) { Scheme = "ws", Path = "/ws" }.Uri, CancellationToken.None);
        var buffer = new byte[1024];
        while (!stop.IsCancellationRequested)
        {
            await socket.SendAsync(_question, WebSocketMessageType.Text, true, CancellationToken.None);
            var answer = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (answer.MessageType == WebSocketMessageType.Close)
            {
                Ended(answer);
                await Acknowledge(socket);
                return;
            }

            Report.Succeeded(Kind, Encoding.UTF8.GetString(buffer, 0, answer.Count));
            await Task.Delay(Pace, CancellationToken.None);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private static async Task Acknowledge(ClientWebSocket socket)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The session had its end; the other side need not wait for the answer.
        }
    }

    private void Ended(WebSocketReceiveResult close)
    {
        if (close.CloseStatus == WebSocketCloseStatus.EndpointUnavailable)
        {
            Report.SessionEnded();
        }
        else
        {
            Report.Failed(Kind, $"closed with {(int?)close.CloseStatus} {close.CloseStatusDescription}");
        }
    }
}
