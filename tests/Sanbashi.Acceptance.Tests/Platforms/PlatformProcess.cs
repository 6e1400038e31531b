using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>One run of <c>sanbashi up --json</c>, followed by its events.</summary>
internal sealed class PlatformProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<JsonNode> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Task _reading;

    private PlatformProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadEvents(), ReadErrors());
    }

    public int Id => _process.Id;

    /// <summary>Everything it printed, for messages.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts it, and returns with what it says of itself when it answers.</summary>
    public static async Task<(PlatformProcess Process, JsonNode Platform)> Start(
        string program, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, ["up", "--json", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Remove("SANBASHI_STATE");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var platform = new PlatformProcess(Process.Start(start)!);
        try
        {
            return (platform, await platform._ready.Task.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken));
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException or InvalidOperationException)
        {
            var output = platform.Output;
            await platform.DisposeAsync();
            throw new InvalidOperationException($"The platform did not get ready. It said:\n{output}", failure);
        }
    }

    /// <summary>As Ctrl-C; returns when it has ended.</summary>
    public async Task Stop()
    {
        await Command.Run("/bin/kill", ["-TERM", $"{Id}"]);
        await _process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
    }

    /// <summary>SIGKILL to the supervisor itself.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            try
            {
                await Stop();
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        await _reading;
        _process.Dispose();
    }

    private async Task ReadEvents()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            Remember(line);
            if (line.StartsWith('{') && JsonNode.Parse(line) is { } said && (string?)said["event"] == "ready")
            {
                _ready.TrySetResult(said["platform"]!.DeepClone());
            }
        }

        _ready.TrySetException(new InvalidOperationException("It ended before it was ready."));
    }

    private async Task ReadErrors()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            Remember(line);
        }
    }

    private void Remember(string line)
    {
        const int Kept = 500;
        _output.Enqueue(line);
        if (_output.Count > Kept)
        {
            _output.TryDequeue(out _);
        }
    }
}
