using System.Runtime.InteropServices;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Supervision;

/// <summary>One thread that waits for descriptors and deadlines and runs what they are registered with. Nothing here is touched by another thread.</summary>
internal sealed class EventLoop(TimeProvider timeProvider)
{
    private readonly Dictionary<int, Action> _readers = [];
    private PollDescriptor[] _descriptors = new PollDescriptor[16];
    private bool _isStopped;

    /// <summary>Calls back whenever the descriptor has something to read or its other end is gone.</summary>
    public void Watch(int fd, Action readable) => _readers[fd] = readable;

    /// <summary>Must come before the descriptor is closed.</summary>
    public void Forget(int fd) => _readers.Remove(fd);

    public void Stop() => _isStopped = true;

    /// <summary>Runs until stopped.</summary>
    /// <param name="nextDeadline">When <paramref name="tick"/> has something to do; null: only when a descriptor says so.</param>
    /// <param name="tick">Called after every wake-up.</param>
    public unsafe void Run(Func<DateTimeOffset?> nextDeadline, Action tick)
    {
        while (!_isStopped)
        {
            var count = Fill();
            int ready;
            fixed (PollDescriptor* start = _descriptors)
            {
                ready = Posix.poll(start, (nuint)count, Milliseconds(nextDeadline()));
            }

            if (ready < 0 && Marshal.GetLastPInvokeError() != Posix.EINTR)
            {
                throw new PosixException("Waiting for the platform's processes", Marshal.GetLastPInvokeError());
            }

            for (var index = 0; ready > 0 && index < count; index++)
            {
                // An earlier callback of this round may have closed this one.
                if (_descriptors[index].Returned != 0 && _readers.TryGetValue(_descriptors[index].Fd, out var readable))
                {
                    readable();
                }
            }

            tick();
        }
    }

    private int Fill()
    {
        if (_descriptors.Length < _readers.Count)
        {
            _descriptors = new PollDescriptor[_readers.Count * 2];
        }

        var count = 0;
        foreach (var fd in _readers.Keys)
        {
            _descriptors[count++] = new PollDescriptor { Fd = fd, Events = Posix.POLLIN };
        }

        return count;
    }

    private int Milliseconds(DateTimeOffset? deadline)
    {
        if (deadline is null)
        {
            return -1;
        }

        // Rounded up: waking a fraction early would spin until the deadline.
        var wait = Math.Ceiling((deadline.Value - timeProvider.GetUtcNow()).TotalMilliseconds);
        return (int)Math.Clamp(wait, 0, int.MaxValue);
    }
}
