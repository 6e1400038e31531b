namespace Sanbashi.Domain.Scaling;

/// <summary>
/// The lowest level of the last moments, kept as the levels that nothing later undercut: oldest first, rising, never more than the load is high. Not thread-safe.
/// </summary>
internal sealed class RecentLows
{
    private readonly List<(DateTimeOffset Until, int Level)> _lows = [];

    /// <summary>The lowest level that held at any moment since <paramref name="since"/>, the added one included.</summary>
    public int Add(DateTimeOffset until, int level, DateTimeOffset since)
    {
        while (_lows.Count > 0 && _lows[^1].Level >= level)
        {
            _lows.RemoveAt(_lows.Count - 1);
        }

        _lows.Add((until, level));
        var forgotten = 0;
        while (_lows[forgotten].Until < since)
        {
            forgotten++;
        }

        _lows.RemoveRange(0, forgotten);
        return _lows[0].Level;
    }
}
