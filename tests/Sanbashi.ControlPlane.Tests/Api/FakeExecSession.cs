using System.Text;
using System.Threading.Channels;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Api;

/// <summary>A command that answers each line of input twice: as output, and in capitals as error output. It ends with code 7 when its input ends.</summary>
internal sealed class FakeExecSession : IExecSession
{
    private readonly Channel<(byte[] Content, bool IsError)> _output = Channel.CreateUnbounded<(byte[], bool)>();

    public List<(int Rows, int Columns)> Sizes { get; } = [];

    public TaskCompletionSource InputClosed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask<ExecChunk> Read(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!await _output.Reader.WaitToReadAsync(cancellationToken))
        {
            return default;
        }

        var (content, isError) = await _output.Reader.ReadAsync(cancellationToken);
        content.CopyTo(buffer);
        return new ExecChunk(content.Length, isError);
    }

    public ValueTask Write(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        _output.Writer.TryWrite((input.ToArray(), false));
        _output.Writer.TryWrite((Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(input.Span).ToUpperInvariant()), true));
        return ValueTask.CompletedTask;
    }

    public ValueTask CloseInput(CancellationToken cancellationToken)
    {
        InputClosed.TrySetResult();
        _output.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public Task Resize(int rows, int columns, CancellationToken cancellationToken)
    {
        Sizes.Add((rows, columns));
        return Task.CompletedTask;
    }

    public Task<int> WaitForExit(CancellationToken cancellationToken) => Task.FromResult(7);

    public ValueTask DisposeAsync()
    {
        Disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
