using System.Runtime.InteropServices;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Supervision;

/// <summary>How far a child has come, by its own word.</summary>
internal enum ChildPhase
{
    Starting,

    /// <summary>It is complete but for something that the process it replaces still holds (the store's lease).</summary>
    Standby,
    Ready,

    /// <summary>It was told to stop and finishes what it has.</summary>
    Stopping,
}

/// <summary>One started process and the three descriptors that connect it with the supervisor.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="EndFd">Readable once the process has ended.</param>
/// <param name="OutputFd">What it prints.</param>
/// <param name="LinkFd">Its words to us; closing it (also by our death) tells it to stop.</param>
internal sealed class ChildProcess(int pid, int endFd, int outputFd, int linkFd, DateTimeOffset startedAt)
{
    private readonly Queue<string> _lastLines = new();

    public int Pid => pid;

    public int EndFd => endFd;

    public int OutputFd => outputFd;

    public int LinkFd => linkFd;

    public DateTimeOffset StartedAt => startedAt;

    public ChildPhase Phase { get; set; }

    /// <summary>When it is killed if it has not ended by itself.</summary>
    public DateTimeOffset? KillAt { get; set; }

    /// <summary>Why it will not run with these settings, in its own words; trying again would not help.</summary>
    public string? Refusal { get; set; }

    public LineReader Output { get; } = new(outputFd);

    public LineReader Link { get; } = new(linkFd);

    public IReadOnlyCollection<string> LastLines => _lastLines;

    public void Remember(string line)
    {
        if (_lastLines.Count == SupervisorDefaults.LastLines)
        {
            _lastLines.Dequeue();
        }

        _lastLines.Enqueue(line);
    }

    public void Signal(int signal) => _ = Posix.kill(pid, signal);

    /// <summary>Collects the ended process; null while it runs.</summary>
    public unsafe string? TryReap()
    {
        int status;
        var result = Posix.waitpid(pid, &status, Posix.WNOHANG);
        if (result == 0)
        {
            return null;
        }

        if (result < 0)
        {
            return $"is gone ({Posix.Describe(Marshal.GetLastPInvokeError())})";
        }

        var signal = status & 0x7f;
        return signal == 0 ? $"ended with exit code {(status >> 8) & 0xff}" : $"was killed by signal {signal}";
    }

    public void CloseDescriptors()
    {
        Descriptors.Close(endFd);
        Descriptors.Close(outputFd);
        Descriptors.Close(linkFd);
    }
}
