using System.Globalization;

namespace Sanbashi.Cli.Services.Top;

/// <summary>What the terminal shows: the list of services, or one service with its history. Pure.</summary>
internal sealed class TopScreen(int width, int height, TopHistory history, string region)
{
    private const int NameWidth = 18, ShortName = 12, RateWidth = 6, InstancesWidth = 9, LeastBars = 10, MostBars = 60;

    public IReadOnlyList<TopLine> Services(IReadOnlyList<TopService> services, TopSort sort, DateTimeOffset at, string? problem)
    {
        var nameWidth = width < 100 ? ShortName : NameWidth;
        var columns = TopColumn.Fitting(width - nameWidth - RateWidth - InstancesWidth - LeastBars - 4);
        var bars = Math.Clamp(width - nameWidth - RateWidth - InstancesWidth - 4 - columns.Sum(column => column.Width + TopColumn.Gap), 0, MostBars);
        var lines = new List<TopLine>
        {
            Title($"{Number(services.Count, "service")} in {region}", $"{TopText.Format(services.Sum(service => service.Requests), "#,0.#")} requests/s", at),
            new(width),
            Headings(nameWidth, bars, columns),
        };
        var room = height - lines.Count - 2;
        var ordered = sort.Order(services);
        lines.AddRange(ordered.Take(room).Select(service => Row(service, nameWidth, bars, columns)));
        if (services.Count == 0)
        {
            lines.Add(Line().Add("There are no services. Create one: sanbashi svc create --name hello --image IMAGE", TopStyle.Dim));
        }

        var hidden = Math.Max(0, services.Count - room);
        return Close(lines, problem, $"q quit   sort: {string.Join(' ', TopSort.All.Select(other => other == sort ? $"[{other.Word}]" : $"{other.Key}"))}{(hidden > 0 ? $"   {hidden} more" : "")}");
    }

    public IReadOnlyList<TopLine> Service(TopService service, DateTimeOffset at, string? problem)
    {
        var lines = new List<TopLine>
        {
            Title(service.Name, service.Status, at),
            new(width),
            Measure("requests/s", TopText.Rate(service.Requests), Sparkline.Pairs(service.RequestHistory), TopStyle.Accent),
            new(width),
            Measure("p50", TopText.Latency(service.P50), History(service, look => look.P50), TopStyle.Accent),
            Measure("p95", TopText.Latency(service.P95), History(service, look => look.P95), TopStyle.Accent),
            Measure("p99", TopText.Latency(service.P99), History(service, look => look.P99), TopStyle.Accent),
            new(width),
            Measure("in flight", TopText.Count(service.InFlight), History(service, look => look.InFlight), TopStyle.Accent),
            Measure("waiting", TopText.Count(service.Waiting), History(service, look => look.Waiting), TopStyle.Warning),
            Measure("cold starts", TopText.Count(service.ColdStarts), History(service, look => look.ColdStarts), TopStyle.Accent),
            new(width),
            Measure("4xx/s", TopText.Rate(service.ClientErrors), History(service, look => look.ClientErrors), TopStyle.Warning),
            Measure("5xx/s", TopText.Rate(service.ServerErrors), History(service, look => look.ServerErrors), TopStyle.Bad),
            Measure("429/s", TopText.Rate(service.Refused), History(service, look => look.Refused), TopStyle.Bad),
            new(width),
            Measure("cpu", TopText.Percent(service.Cpu), History(service, look => look.Cpu), TopStyle.Good, 100),
            Measure("memory", TopText.Percent(service.Memory), History(service, look => look.Memory), TopStyle.Good, 100),
            Line().Add("".PadRight(12)).Add(service.CpuCores is { } cores ? $"{TopText.Format(cores, "0.00")} processors and {TopText.Bytes(service.MemoryBytes)} in all" : "", TopStyle.Dim),
            new(width),
            Line().Add("instances".PadRight(12), TopStyle.Dim)
                .Add($"● {service.Active} running", service.Active > 0 ? TopStyle.Good : TopStyle.Dim)
                .Add($"   ○ {service.Frozen} frozen", service.Frozen > 0 ? TopStyle.Accent : TopStyle.Dim)
                .Add($"   ◌ {service.Other} starting or ending", service.Other > 0 ? TopStyle.Warning : TopStyle.Dim),
        };
        return Close([.. lines.Take(height - 2)], problem, "q quit");
    }

    private TopLine Row(TopService service, int nameWidth, int bars, IReadOnlyList<TopColumn> columns)
    {
        var name = service.Name.Length <= nameWidth ? service.Name.PadRight(nameWidth) : service.Name[..(nameWidth - 1)] + "…";
        var line = Line()
            .Add(name, service.Status is "RUNNING" ? TopStyle.Bold : TopStyle.Dim)
            .Add(TopText.Rate(service.Requests).PadLeft(RateWidth + 1), service.Requests > 0 ? TopStyle.Plain : TopStyle.Dim)
            .Add(" ").Add(Sparkline.Of(Sparkline.Pairs(service.RequestHistory), bars), TopStyle.Accent);
        foreach (var column in columns)
        {
            line.Add(column.Text(service).PadLeft(column.Width + TopColumn.Gap), column.Style(service));
        }

        return Instances(line.Add(" "), service);
    }

    private static TopLine Instances(TopLine line, TopService service)
    {
        if (service.Active + service.Frozen + service.Other == 0)
        {
            return line.Add(service.Status is "RUNNING" ? "asleep" : service.Status.ToLowerInvariant().Replace('_', ' '), TopStyle.Dim);
        }

        return line
            .Add(service.Active > 0 ? $"●{service.Active} " : "", TopStyle.Good)
            .Add(service.Frozen > 0 ? $"○{service.Frozen} " : "", TopStyle.Accent)
            .Add(service.Other > 0 ? $"◌{service.Other}" : "", TopStyle.Warning);
    }

    private TopLine Headings(int nameWidth, int bars, IReadOnlyList<TopColumn> columns)
    {
        var line = Line().Add("SERVICE".PadRight(nameWidth), TopStyle.Dim).Add("REQ/S".PadLeft(RateWidth + 1), TopStyle.Dim).Add((bars < LeastBars ? "" : $" {Span(bars * 2)}").PadRight(bars + 1), TopStyle.Dim);
        foreach (var column in columns)
        {
            line.Add(column.Heading.PadLeft(column.Width + TopColumn.Gap), TopStyle.Dim);
        }

        return line.Add(" INSTANCES", TopStyle.Dim);
    }

    private TopLine Measure(string name, string value, IReadOnlyList<double> values, TopStyle style, double? top = null) =>
        Line().Add(name.PadRight(12), TopStyle.Dim).Add(value.PadLeft(8), TopStyle.Bold).Add("  ").Add(Sparkline.Of(values, width - 25, top), style);

    private IReadOnlyList<double> History(TopService service, Func<TopService, double?> value) => history.Of(service.Name, value);

    private TopLine Title(string what, string detail, DateTimeOffset at) =>
        Line().Add("sanbashi", TopStyle.Accent).Add("  ").Add(what, TopStyle.Bold).Add($"  {detail}", TopStyle.Dim)
            .Right(at.ToLocalTime().ToString("HH:mm:ss ", CultureInfo.InvariantCulture), TopStyle.Dim);

    /// <summary>Fills up to the last line, which says what keys do, or what is the matter.</summary>
    private List<TopLine> Close(List<TopLine> lines, string? problem, string keys)
    {
        while (lines.Count < height - 1)
        {
            lines.Add(new TopLine(width));
        }

        lines.Add(problem is null ? Line().Add(keys, TopStyle.Dim) : Line().Add(problem, TopStyle.Bad));
        return lines;
    }

    private TopLine Line() => new TopLine(width).Add(" ");

    private static string Span(int seconds) => seconds < 120 ? $"{seconds}S" : "2 MINUTES";

    private static string Number(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
