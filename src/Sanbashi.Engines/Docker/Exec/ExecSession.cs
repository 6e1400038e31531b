using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Exec;

/// <summary>A command that runs in a container. Disposing closes the connection; engines do not end the command for that.</summary>
internal sealed class ExecSession(EngineClient client, HijackedConnection connection, string execId, bool isTerminal, TimeProvider time) : IExecSession
{
    private const int HeaderSize = 8;
    private const byte Errors = 2;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private readonly byte[] _header = new byte[HeaderSize];
    private uint _left;
    private bool _isError;

    public async ValueTask<ExecChunk> Read(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (isTerminal)
            {
                return new ExecChunk(await connection.Read(buffer, cancellationToken).ConfigureAwait(false), false);
            }

            while (_left == 0)
            {
                if (!await ReadHeader(cancellationToken).ConfigureAwait(false))
                {
                    return default;
                }
            }

            var length = await connection.Read(buffer[..(int)Math.Min(_left, (uint)buffer.Length)], cancellationToken).ConfigureAwait(false);
            _left -= (uint)length;
            return new ExecChunk(length, _isError);
        }
        catch (SocketException failure)
        {
            throw EngineFailures.Unreachable(client.Address, "exec.read", failure);
        }
    }

    public async ValueTask Write(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Write(input, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.Shutdown or SocketError.ConnectionReset)
        {
            // The command has ended and nobody reads its input any more; its exit code tells the rest, as with a pipe.
        }
    }

    public ValueTask CloseInput(CancellationToken cancellationToken)
    {
        try
        {
            connection.CloseInput();
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.NotConnected or SocketError.Shutdown or SocketError.ConnectionReset)
        {
            // Ended already: there is nobody left to tell.
        }

        return ValueTask.CompletedTask;
    }

    public async Task Resize(int rows, int columns, CancellationToken cancellationToken)
    {
        try
        {
            await client.Do(
                EngineCall.Post("exec.resize", EngineQuery.Of(
                    $"/exec/{execId}/resize",
                    ("h", rows.ToString(CultureInfo.InvariantCulture)),
                    ("w", columns.ToString(CultureInfo.InvariantCulture)))),
                cancellationToken).ConfigureAwait(false);
        }
        catch (EngineApiException) when (!isTerminal)
        {
            throw new EngineException(EngineFailure.Refused, "Resizing the terminal of a command failed: it was started without one. Start it with a terminal.");
        }
        catch (EngineApiException)
        {
            // A terminal whose command has ended, or has not begun, has no size to change; the exit code tells the rest.
            if ((await Details(cancellationToken).ConfigureAwait(false)).Running)
            {
                throw;
            }
        }
    }

    public async Task<int> WaitForExit(CancellationToken cancellationToken)
    {
        for (var wait = ShortestWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            // The engine has an event for this, but only for those who listened before; asking is simpler, and the output usually ends first.
            var details = await Details(cancellationToken).ConfigureAwait(false);
            if (details is { Running: false, ExitCode: { } code })
            {
                return code;
            }

            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<ExecDetails> Details(CancellationToken cancellationToken)
    {
        try
        {
            return await client.Read(EngineCall.Get("exec.inspect", $"/exec/{execId}/json"), EngineJson.Default.ExecDetails, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineApiException failure) when (failure.Status == HttpStatusCode.NotFound)
        {
            throw new EngineException(EngineFailure.NotFound, "The exit code of the command is lost: its container was removed meanwhile.", failure);
        }
    }

    private async ValueTask<bool> ReadHeader(CancellationToken cancellationToken)
    {
        for (var length = 0; length < HeaderSize;)
        {
            var read = await connection.Read(_header.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return false;
            }

            length += read;
        }

        _isError = _header[0] == Errors;
        _left = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(4));
        return true;
    }
}
