using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Sanbashi.Gateway.Tests.Support;

/// <summary>
/// Hears of every wait of a thread of this process: for a handle, for a task's end, for anything but another thread that is just leaving a lock. With inline
/// completions requests run on the threads that read the sockets, so a wait there would hold up everybody else's.
/// </summary>
internal sealed class WaitListener : EventListener
{
    /// <summary>Of the runtime's own events: waits, since .NET 9, and contended locks.</summary>
    private const EventKeywords Waits = (EventKeywords)0x40000000000, Contention = (EventKeywords)0x4000;

    private readonly ConcurrentDictionary<long, bool> _entering = new();
    private readonly ConcurrentQueue<(long Thread, string Story)> _waits = new();

    /// <summary>Waits so far of the threads that read sockets.</summary>
    public int OnSocketThreads => _waits.Count(wait => IsSocketThread(wait.Thread));

    /// <summary>Whether the thread that asks reads sockets.</summary>
    public static bool IsHere => IsSocketThread("thread-self");

    public override string ToString() => string.Join('\n', _waits.Where(wait => IsSocketThread(wait.Thread)).Select(wait => wait.Story));

    protected override void OnEventSourceCreated(EventSource source)
    {
        if (source.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(source, EventLevel.Verbose, Waits | Contention);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs written)
    {
        var (thread, name) = (written.OSThreadId, written.EventName ?? "");
        if (name.StartsWith("ContentionStart", StringComparison.Ordinal) || name.StartsWith("ContentionStop", StringComparison.Ordinal))
        {
            // The wait within it is the lock's own: as long as another thread takes for a few instructions.
            _entering[thread] = name.StartsWith("ContentionStart", StringComparison.Ordinal);
        }
        else if (name.StartsWith("WaitHandleWaitStart", StringComparison.Ordinal) && !_entering.GetValueOrDefault(thread))
        {
            _waits.Enqueue((thread, $"{written.TimeStamp:HH:mm:ss.fff} {name} on thread {thread}"));
        }
    }

    private static bool IsSocketThread(long thread) => IsSocketThread($"self/task/{thread}");

    private static bool IsSocketThread(string thread)
    {
        try
        {
            return File.ReadAllText($"/proc/{thread}/comm").StartsWith(".NET Sockets", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It has ended, which those that read sockets never do.
            return false;
        }
    }
}
