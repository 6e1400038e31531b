using System.Net.WebSockets;
using System.Text.Json;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Exec;

/// <summary>
/// Carries a command's input and output over a WebSocket.
/// <list type="number">
/// <item>Output and input run beside each other; output is read no faster than the client takes it.</item>
/// <item>When the output ends, the exit code follows and the session is closed.</item>
/// <item>When the client goes first, the command's input is closed, which ends shells and filters; what does not read its input goes on.</item>
/// <item>When this process is about to stop, the client is told so.</item>
/// </list>
/// A cancelled send or receive tears a WebSocket down at once, so what ends in good order cancels only the engine's side.
/// </summary>
internal sealed class ExecBridge(WebSocket socket, IExecSession session, TimeProvider timeProvider)
{
    private const int ChunkBytes = 32 * 1024;
    private const int MaxResizeBytes = 256;
    private const int MaxTerminalSize = 10_000;

    /// <summary>Output has ended, so the code is there at once unless the engine hangs.</summary>
    private static readonly TimeSpan _exitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take to answer a close; after that the connection is cut.</summary>
    private static readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(2);

    public async Task Run(CancellationToken stopping, CancellationToken gone)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(gone);
        using var engineSide = CancellationTokenSource.CreateLinkedTokenSource(cut.Token);
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.UnsafeRegister(_ => stop.TrySetResult(), null);

        // 1
        var output = SendOutput(engineSide.Token, cut.Token);
        var input = ReceiveInput(cut.Token);
        var first = await Task.WhenAny(output, input, stop.Task);
        try
        {
            if (first == output)
            {
                // 2
                await output;
                await SendEnd(cut.Token);
                await WaitForClose(input);
            }
            else if (first == input)
            {
                // 3
                await input;
                await session.CloseInput(cut.Token);
            }
            else
            {
                // 4
                await engineSide.CancelAsync();
                await Settle(output);
                await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "The control plane is being stopped.", cut.Token);
                await WaitForClose(input);
            }
        }
        finally
        {
            await cut.CancelAsync();
            await Settle(output);
            await Settle(input);
        }
    }

    private Task WaitForClose(Task input) => Task.WhenAny(input, Task.Delay(_closeTimeout, timeProvider));

    private async Task SendOutput(CancellationToken engineSide, CancellationToken cut)
    {
        var frame = new byte[ChunkBytes + 1];
        while (true)
        {
            var chunk = await session.Read(frame.AsMemory(1), engineSide);
            if (chunk.Length == 0)
            {
                return;
            }

            frame[0] = (byte)(chunk.IsError ? ExecChannel.Error : ExecChannel.Output);
            await socket.SendAsync(frame.AsMemory(0, chunk.Length + 1), WebSocketMessageType.Binary, endOfMessage: true, cut);
        }
    }

    private async Task SendEnd(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_exitTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        ExecEnd end;
        try
        {
            end = new ExecEnd(await session.WaitForExit(either.Token), null);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            end = new ExecEnd(null, $"The command's output has ended, but the engine did not tell its exit code within {_exitTimeout.TotalSeconds:0} s.");
        }

        await SendEnd(socket, end, cancellationToken);
    }

    public static async Task SendEnd(WebSocket socket, ExecEnd end, CancellationToken cancellationToken)
    {
        byte[] frame = [(byte)ExecChannel.Exit, .. JsonSerializer.SerializeToUtf8Bytes(end, ExecJson.Default.ExecEnd)];
        await socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
    }

    /// <summary>Ends when the client closes. Input is passed on as it arrives, in whatever pieces.</summary>
    private async Task ReceiveInput(CancellationToken cancellationToken)
    {
        var buffer = new byte[ChunkBytes];
        ExecChannel? channel = null;
        var resize = new MemoryStream();
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            var content = buffer.AsMemory(0, received.Count);
            if (channel is null && content.Length > 0)
            {
                channel = (ExecChannel)content.Span[0];
                content = content[1..];
            }

            if (channel == ExecChannel.Input && content.Length > 0)
            {
                await session.Write(content, cancellationToken);
            }
            else if (channel == ExecChannel.Resize && resize.Length + content.Length <= MaxResizeBytes)
            {
                resize.Write(content.Span);
            }

            if (!received.EndOfMessage)
            {
                continue;
            }

            if (channel == ExecChannel.CloseInput)
            {
                await session.CloseInput(cancellationToken);
            }
            else if (channel == ExecChannel.Resize && ReadSize(resize.ToArray()) is { } size)
            {
                await session.Resize(size.Rows, size.Columns, cancellationToken);
            }

            channel = null;
            resize.SetLength(0);
        }
    }

    /// <summary>Null for a size that is none: the terminal keeps the one it has.</summary>
    private static TerminalSize? ReadSize(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ExecJson.Default.TerminalSize) is { Rows: >= 1 and <= MaxTerminalSize, Columns: >= 1 and <= MaxTerminalSize } size ? size : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Waits for the other direction, whose end no longer matters.</summary>
    private static async Task Settle(Task direction)
    {
        try
        {
            await direction;
        }
        catch (Exception ended) when (ended is OperationCanceledException or WebSocketException or EngineException)
        {
            // It was cut off on purpose.
        }
    }
}
