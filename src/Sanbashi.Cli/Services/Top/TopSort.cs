namespace Sanbashi.Cli.Services.Top;

/// <summary>In which order services stand; everything but the name has the highest first.</summary>
internal sealed record TopSort(char Key, string Word, Func<TopService, double> Rank)
{
    public static IReadOnlyList<TopSort> All { get; } =
    [
        new('n', "name", static _ => 0),
        new('r', "requests", static service => service.Requests),
        new('l', "latency", static service => service.P95 ?? -1),
        new('f', "in flight", static service => service.InFlight + service.Waiting),
        new('e', "errors", static service => service.ServerErrors + service.Refused),
        new('c', "cpu", static service => service.Cpu ?? -1),
        new('m', "memory", static service => service.MemoryBytes ?? -1),
    ];

    public IReadOnlyList<TopService> Order(IEnumerable<TopService> services) =>
        [.. services.OrderByDescending(Rank).ThenBy(service => service.Name, StringComparer.Ordinal)];
}
