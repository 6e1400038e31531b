namespace Sanbashi.Engines;

public sealed record ExecOptions(IReadOnlyList<string> Command, bool Terminal, int Rows = 24, int Columns = 80, IReadOnlyDictionary<string, string>? Environment = null);

public interface IExecSession : IAsyncDisposable
{
    /// <summary>Reads output: with a terminal one mixed stream. 0 bytes: ended.</summary>
    ValueTask<ExecChunk> Read(Memory<byte> buffer, CancellationToken cancellationToken);

    ValueTask Write(ReadOnlyMemory<byte> input, CancellationToken cancellationToken);

    /// <summary>Tells the command that no more input comes.</summary>
    ValueTask CloseInput(CancellationToken cancellationToken);

    Task Resize(int rows, int columns, CancellationToken cancellationToken);

    /// <summary>The exit code, once the command has ended.</summary>
    Task<int> WaitForExit(CancellationToken cancellationToken);
}

public readonly record struct ExecChunk(int Length, bool IsError);
