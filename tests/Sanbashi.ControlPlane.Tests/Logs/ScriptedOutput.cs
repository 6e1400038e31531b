using System.Runtime.CompilerServices;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Logs;

/// <summary>What containers of one instance write, as an engine with stamps of whole seconds tells it: many lines have the same stamp.</summary>
internal sealed class ScriptedOutput
{
    private const long Second = 1_000_000_000;
    private const int LinesPerSecond = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<LogLine>> _lines = [];
    private readonly Dictionary<string, int> _readings = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineException? _failure;
    private int _failures;
    private bool _hasEnded;

    public void Write(string container, string text) => Change(() =>
    {
        var lines = Of(container);
        var stamp = 1_777_716_000 * Second + (lines.Count / LinesPerSecond * Second);
        lines.Add(LogLab.Line(stamp, text, (lines.Count % LinesPerSecond) + 1));
    });

    public void End() => Change(() => _hasEnded = true);

    /// <summary>Readings that are going on, or begin, fail so many times.</summary>
    public void Break(EngineException failure, int times) => Change(() => (_failure, _failures) = (failure, times));

    public int Readings(string container) => _readings.GetValueOrDefault(container);

    public async IAsyncEnumerable<LogLine> Read(string instance, string container, LogCursor? after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _readings[container] = Readings(container) + 1;
        }

        var next = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task changed;
            LogLine? line;
            bool isOver;
            lock (_gate)
            {
                if (_failures > 0)
                {
                    _failures--;
                    throw _failure!;
                }

                changed = _changed.Task;
                next = after is null ? next : Of(container).FindIndex(l => l.Cursor == after) + 1;
                after = null;
                line = Of(container).ElementAtOrDefault(next);
                isOver = !follow || _hasEnded;
            }

            if (line is not null)
            {
                next++;
                yield return line;
            }
            else if (isOver)
            {
                yield break;
            }
            else
            {
                await changed.WaitAsync(cancellationToken);
            }
        }
    }

    private List<LogLine> Of(string container)
    {
        if (!_lines.TryGetValue(container, out var lines))
        {
            _lines.Add(container, lines = []);
        }

        return lines;
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }
}
