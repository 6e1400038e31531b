namespace Sanbashi.Domain.Scaling;

/// <summary>Looking back at falling heights, oldest first.</summary>
internal static class DemandPeaks
{
    /// <summary>The highest at any time since a moment; 0 if none was.</summary>
    public static int HighestSince(this IReadOnlyList<DemandPeak> heights, DateTimeOffset moment)
    {
        foreach (var height in heights)
        {
            if (height.Until >= moment)
            {
                return height.Height;
            }
        }

        return 0;
    }

    /// <summary>When the highest of a window that ends now is lower for the first time; null if it never is, as it is not above <paramref name="floor"/>.</summary>
    public static DateTimeOffset? FallsAt(this IReadOnlyList<DemandPeak> heights, DateTimeOffset now, TimeSpan window, int floor)
    {
        foreach (var height in heights)
        {
            if (height.Until >= now - window)
            {
                return height.Height > floor ? height.Until + window + TimeSpan.FromTicks(1) : null;
            }
        }

        return null;
    }
}
