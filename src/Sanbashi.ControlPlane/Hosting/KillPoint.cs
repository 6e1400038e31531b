using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Sanbashi.ControlPlane.Hosting;

/// <summary>
/// Ends this process as SIGKILL does, right after a step that a test has chosen, to prove that it may end anywhere. Nothing of it exists unless the
/// environment names the file that the choice is read from.
/// </summary>
/// <remarks>
/// A step is a commit to the store, or a call that the engine has answered and that changes something there. The file says which:
/// <c>store 3</c> for the third commit from now on, <c>engine 3</c>, or <c>any 3</c>. When it has come to that, the file says <c>killed STEP</c>.
/// </remarks>
internal sealed class KillPoint : IDisposable
{
    public const string Variable = "SANBASHI_TEST_KILL_FILE";

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly MeterListener _engineCalls = new();

    private KillPoint(string path)
    {
        _path = path;
        _engineCalls.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "sanbashi.engine.call")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _engineCalls.SetMeasurementEventCallback<double>((_, _, tags, _) => EngineCalled(tags));
        _engineCalls.Start();
    }

    /// <summary>Null unless a test wants one.</summary>
    public static KillPoint? FromEnvironment() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? new KillPoint(path) : null;

    /// <param name="kind"><c>store</c> or <c>engine</c>.</param>
    /// <param name="step">Its name, for people.</param>
    public void Passed(string kind, string step)
    {
        lock (_gate)
        {
            if (!File.Exists(_path)
                || File.ReadAllText(_path).Split(' ') is not [var wanted, var number]
                || wanted != kind && wanted != "any"
                || !int.TryParse(number, CultureInfo.InvariantCulture, out var left))
            {
                return;
            }

            if (left > 1)
            {
                File.WriteAllText(_path, string.Create(CultureInfo.InvariantCulture, $"{wanted} {left - 1}"));
                return;
            }

            File.WriteAllText(_path, $"killed {step}");
            Process.GetCurrentProcess().Kill();

            // Nothing of this process goes on, should the signal take a moment.
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System).Wait();
        }
    }

    public void Dispose() => _engineCalls.Dispose();

    private void EngineCalled(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag is { Key: "operation", Value: string operation } && IsChange(operation))
            {
                Passed("engine", operation);
            }
        }
    }

    private static bool IsChange(string operation) =>
        operation[(operation.IndexOf('.', StringComparison.Ordinal) + 1)..] is "create" or "start" or "stop" or "pause" or "unpause" or "remove" or "tag" or "kill";
}
