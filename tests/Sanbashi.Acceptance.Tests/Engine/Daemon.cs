using System.Diagnostics;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Engine;

/// <summary>A long-running program whose output goes to a file, so that nobody has to read a pipe.</summary>
internal sealed class Daemon(string program, string log, IReadOnlyList<string> arguments)
{
    private Process? _process;

    public bool IsRunning => _process is not null;

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task Start(Func<Task<bool>> answers)
    {
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec {program} \"$@\" >>{log} 2>&1 </dev/null", "sh", .. arguments]))!;
        await Eventually.True(async () => _process.HasExited || await answers());
        if (_process.HasExited)
        {
            _process = null;
            throw new InvalidOperationException($"{program} ended: {string.Join('\n', File.ReadLines(log).TakeLast(20))}");
        }
    }

    /// <summary>Sends the signal and waits for the end.</summary>
    public async Task End(string signal)
    {
        if (_process is null)
        {
            return;
        }

        (await Command.Run("/bin/kill", [signal, $"{_process.Id}"])).ShouldSucceed();
        await _process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        _process.Dispose();
        _process = null;
    }
}
