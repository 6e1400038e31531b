using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Sanbashi.ControlPlane.Builds;

/// <summary>
/// The engine's lines on their way to the caller. The engine does not wait for a caller that reads slowly: beyond
/// <see cref="MaxLines"/> lines are left out, and how many is said in their place.
/// </summary>
internal sealed class BuildOutput : IProgress<string>
{
    private const int MaxLines = 10_000;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxLines) { SingleReader = true });
    private int _leftOut;

    public void Report(string value)
    {
        if (!_lines.Writer.TryWrite(value))
        {
            Interlocked.Increment(ref _leftOut);
        }
    }

    public void Complete() => _lines.Writer.TryComplete();

    public async IAsyncEnumerable<string> Read([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            yield return line;
            if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var count)
            {
                yield return $"({count} lines are left out here, because they came faster than they were read)";
            }
        }
    }
}
