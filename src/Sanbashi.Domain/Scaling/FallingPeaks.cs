namespace Sanbashi.Domain.Scaling;

/// <summary>
/// Heights of the past, oldest first, each with the last moment at which it held. One that a later one reaches is dropped, so the heights fall and there are never
/// more of them than the highest is high, however long it goes on. Not thread-safe.
/// </summary>
internal sealed class FallingPeaks
{
    private readonly List<DemandPeak> _peaks = [];

    public void Add(DateTimeOffset until, int height)
    {
        while (_peaks.Count > 0 && _peaks[^1].Height <= height)
        {
            _peaks.RemoveAt(_peaks.Count - 1);
        }

        if (height > 0)
        {
            _peaks.Add(new DemandPeak(until, height));
        }
    }

    public void ForgetBefore(DateTimeOffset moment)
    {
        var forgotten = 0;
        while (forgotten < _peaks.Count && _peaks[forgotten].Until < moment)
        {
            forgotten++;
        }

        _peaks.RemoveRange(0, forgotten);
    }

    public IReadOnlyList<DemandPeak> Read() => [.. _peaks];
}
