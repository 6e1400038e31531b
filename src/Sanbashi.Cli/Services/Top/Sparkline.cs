namespace Sanbashi.Cli.Services.Top;

/// <summary>A row of bars, the newest at the right.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <param name="values">Oldest first; where there are more than fit, the oldest are left out.</param>
    /// <param name="width">In characters; what is not known yet is blank.</param>
    /// <param name="top">The value of a full bar; null for the highest of those shown.</param>
    public static string Of(IReadOnlyList<double> values, int width, double? top = null)
    {
        var shown = values.Skip(Math.Max(0, values.Count - width)).ToList();
        var full = top ?? shown.DefaultIfEmpty(0).Max();
        return new string([.. shown.Select(value => Bar(value, full))]).PadLeft(Math.Max(0, width));
    }

    /// <summary>Sums of neighbours, so that seconds that a report fell between even out. The newest pair is whole.</summary>
    public static IReadOnlyList<double> Pairs(IReadOnlyList<double> values) =>
        [.. Enumerable.Range(0, values.Count / 2).Select(pair => values[(values.Count % 2) + (2 * pair)] + values[(values.Count % 2) + (2 * pair) + 1])];

    private static char Bar(double value, double full) =>
        value <= 0 || full <= 0 ? ' ' : Bars[Math.Clamp((int)Math.Ceiling(value / full * Bars.Length) - 1, 0, Bars.Length - 1)];
}
