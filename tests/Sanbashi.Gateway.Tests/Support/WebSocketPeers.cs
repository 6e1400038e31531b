using System.Net.WebSockets;

namespace Sanbashi.Gateway.Tests.Support;

internal static class WebSocketPeers
{
    /// <summary>An instance that sends each message back, and completes the closing handshake.</summary>
    public static async Task Echo(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var message = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (message.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(socket.CloseStatus ?? WebSocketCloseStatus.Empty, null, context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        }
    }

    public static Uri WebSocketAddress(this TestGateway gateway) => new($"ws://{gateway.Address.Authority}/");

    public static async Task<ClientWebSocket> Connect(TestGateway gateway)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", Routes.Host);
        await socket.ConnectAsync(gateway.WebSocketAddress(), CancellationToken.None).InTime();
        return socket;
    }

    public static Task SendText(this WebSocket socket, string text) =>
        socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).InTime();

    public static async Task<string> ReceiveText(this WebSocket socket)
    {
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        ValueWebSocketReceiveResult result;
        do
        {
            result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().InTime();
            text.Write(buffer, 0, result.Count);
        }
        while (!result.EndOfMessage);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    public static async Task<(WebSocketCloseStatus? Status, string? Reason)> ReceiveClose(this WebSocket socket)
    {
        var result = await socket.ReceiveAsync(new byte[4096].AsMemory(), CancellationToken.None).AsTask().InTime();
        result.MessageType.ShouldBe(WebSocketMessageType.Close);
        return (socket.CloseStatus, socket.CloseStatusDescription);
    }
}
