namespace Sanbashi.Cli.Services.Top;

/// <summary>One column of the list of services.</summary>
/// <param name="Width">In characters, without the gap before it.</param>
/// <param name="Rank">Columns of a high rank are left out first where the terminal is narrow.</param>
internal sealed record TopColumn(string Heading, int Width, int Rank, Func<TopService, string> Text, Func<TopService, TopStyle> Style)
{
    public const int Gap = 1;

    public static IReadOnlyList<TopColumn> All { get; } =
    [
        new("P50", 6, 5, service => TopText.Latency(service.P50), _ => TopStyle.Plain),
        new("P95", 6, 0, service => TopText.Latency(service.P95), _ => TopStyle.Plain),
        new("P99", 6, 4, service => TopText.Latency(service.P99), _ => TopStyle.Plain),
        new("OPEN", 5, 0, service => TopText.Count(service.InFlight), _ => TopStyle.Plain),
        new("WAIT", 5, 1, service => TopText.Count(service.Waiting), service => service.Waiting > 0 ? TopStyle.Warning : TopStyle.Dim),
        new("4XX/S", 5, 6, service => TopText.Rate(service.ClientErrors), service => service.ClientErrors > 0 ? TopStyle.Warning : TopStyle.Dim),
        new("5XX/S", 5, 1, service => TopText.Rate(service.ServerErrors), service => service.ServerErrors > 0 ? TopStyle.Bad : TopStyle.Dim),
        new("429/S", 5, 7, service => TopText.Rate(service.Refused), service => service.Refused > 0 ? TopStyle.Bad : TopStyle.Dim),
        new("COLD", 4, 7, service => TopText.Count(service.ColdStarts), service => service.ColdStarts > 0 ? TopStyle.Accent : TopStyle.Dim),
        new("CPU", 4, 2, service => TopText.Percent(service.Cpu), service => service.Cpu >= 90 ? TopStyle.Bad : TopStyle.Plain),
        new("MEM", 4, 2, service => TopText.Percent(service.Memory), service => service.Memory >= 90 ? TopStyle.Bad : TopStyle.Plain),
        new("BYTES", 6, 6, service => TopText.Bytes(service.MemoryBytes), _ => TopStyle.Plain),
    ];

    /// <summary>Those that leave enough room for the rest.</summary>
    public static IReadOnlyList<TopColumn> Fitting(int room)
    {
        var rank = All.Max(column => column.Rank);
        while (rank > 0 && All.Where(column => column.Rank <= rank).Sum(column => column.Width + Gap) > room)
        {
            rank--;
        }

        return [.. All.Where(column => column.Rank <= rank)];
    }
}
