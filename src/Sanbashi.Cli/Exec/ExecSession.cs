using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Exec;

/// <summary>Carries a command's input and output over a WebSocket: this terminal at one end, a container at the other.</summary>
internal sealed class ExecSession(ClientWebSocket socket, bool hasTerminal) : IDisposable
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private const int ChunkBytes = 16 * 1024;

    // A WebSocket takes one message at a time; input and changes of the window come from different threads.
    private readonly SemaphoreSlim _sending = new(1);

    /// <summary>Runs until the command has ended; answers its exit code.</summary>
    public async Task<int> Run(bool sendInput, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var resized = hasTerminal ? PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Resize()) : null;
        if (hasTerminal)
        {
            Resize();
        }

        // Its thread blocks in read(2) and ends with the process.
        new Thread(() => PumpInput(sendInput, ended.Token), maxStackSize: 256 * 1024) { IsBackground = true, Name = "exec input" }.Start();
        try
        {
            return await PumpOutput(cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    public void Dispose() => _sending.Dispose();

    private async Task<int> PumpOutput(CancellationToken cancellationToken)
    {
        var buffer = new byte[ChunkBytes];
        using var message = new MemoryStream();
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new CliException(ExecExitCodes.CouldNotRun, $"The platform ended the session before the command did: {socket.CloseStatusDescription ?? "no reason given"}");
            }

            message.Write(buffer, 0, received.Count);
            if (!received.EndOfMessage)
            {
                continue;
            }

            var bytes = message.GetBuffer().AsSpan(0, (int)message.Length);
            if (bytes.Length > 0 && Handle((ExecChannel)bytes[0], bytes[1..]) is { } exitCode)
            {
                return exitCode;
            }

            message.SetLength(0);
        }
    }

    private static int? Handle(ExecChannel channel, ReadOnlySpan<byte> content)
    {
        switch (channel)
        {
            case ExecChannel.Output:
                _ = Descriptors.Write(StandardOutput, content);
                return null;
            case ExecChannel.Error:
                _ = Descriptors.Write(StandardError, content);
                return null;
            case ExecChannel.Exit:
                var exit = JsonNode.Parse(content);
                return (string?)exit?["error"] is { } error
                    ? throw new CliException(ExecExitCodes.CouldNotRun, error)
                    : (int?)exit?["exitCode"] ?? ExecExitCodes.CouldNotRun;
            default:
                return null;
        }
    }

    private void PumpInput(bool sendInput, CancellationToken ended)
    {
        var buffer = new byte[ChunkBytes];
        buffer[0] = (byte)ExecChannel.Input;
        try
        {
            while (sendInput && !ended.IsCancellationRequested)
            {
                if (Descriptors.Read(StandardInput, buffer.AsSpan(1)) is not (> 0 and var count))
                {
                    break;
                }

                Send(buffer.AsMemory(0, count + 1), ended);
            }

            Send(new[] { (byte)ExecChannel.CloseInput }, ended);
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The command has ended; whoever reads its output has its exit code.
        }
    }

    private void Resize()
    {
        var (rows, columns) = (Math.Max(1, Console.WindowHeight), Math.Max(1, Console.WindowWidth));
        byte[] message = [(byte)ExecChannel.Resize, .. System.Text.Encoding.UTF8.GetBytes($$"""{"rows":{{rows}},"columns":{{columns}}}""")];
        try
        {
            Send(message, CancellationToken.None);
        }
        catch (Exception failure) when (failure is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The session ends at this moment; its window does not matter any more.
        }
    }

    private void Send(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        _sending.Wait(cancellationToken);
        try
        {
            socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).AsTask().GetAwaiter().GetResult();
        }
        finally
        {
            _sending.Release();
        }
    }
}
