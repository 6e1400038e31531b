namespace Sanbashi.Gateway.Routing;

/// <summary>What is open on all instances of one revision, and the highest load there was.</summary>
internal sealed class OpenCount
{
    private int _requests;
    private int _streams;
    private int _highest;

    public int Requests => Volatile.Read(ref _requests);

    public int Streams => Volatile.Read(ref _streams);

    public int All => Requests + Streams;

    public void Add(int requests, int streams)
    {
        if (streams != 0)
        {
            Interlocked.Add(ref _streams, streams);
        }

        if (requests != 0)
        {
            Interlocked.Add(ref _requests, requests);
        }
    }

    /// <summary>Remembers a level of the load, what waits included.</summary>
    public void NoteLevel(int level)
    {
        var highest = Volatile.Read(ref _highest);
        while (level > highest)
        {
            var before = Interlocked.CompareExchange(ref _highest, level, highest);
            if (before == highest)
            {
                return;
            }

            highest = before;
        }
    }

    /// <summary>The highest level since the last call, at least the one of now.</summary>
    public int TakeHighest(int now) => Math.Max(now, Interlocked.Exchange(ref _highest, now));
}
