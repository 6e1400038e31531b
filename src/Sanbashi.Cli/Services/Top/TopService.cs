using System.Globalization;
using System.Text.Json.Nodes;

namespace Sanbashi.Cli.Services.Top;

/// <summary>What goes on in one service, as the platform has just said. Values that are not known are null.</summary>
internal sealed record TopService
{
    public required string Name { get; init; }

    public required string Status { get; init; }

    public double Requests { get; init; }

    public double ClientErrors { get; init; }

    public double ServerErrors { get; init; }

    public double Refused { get; init; }

    public double ColdStarts { get; init; }

    public double? P50 { get; init; }

    public double? P95 { get; init; }

    public double? P99 { get; init; }

    public double InFlight { get; init; }

    public double Waiting { get; init; }

    public int Active { get; init; }

    public int Frozen { get; init; }

    public int Other { get; init; }

    public double? CpuCores { get; init; }

    public double? Cpu { get; init; }

    public double? MemoryBytes { get; init; }

    public double? Memory { get; init; }

    /// <summary>Requests of each second, oldest first.</summary>
    public IReadOnlyList<double> RequestHistory { get; init; } = [];

    /// <param name="answer">An element of GetLiveMetrics.</param>
    public static TopService Read(JsonObject answer) => new()
    {
        Name = (string)answer["ServiceName"]!,
        Status = (string)answer["Status"]!,
        Requests = Number(answer, "RequestsPerSecond") ?? 0,
        ClientErrors = Number(answer, "ClientErrorsPerSecond") ?? 0,
        ServerErrors = Number(answer, "ServerErrorsPerSecond") ?? 0,
        Refused = Number(answer, "RefusedPerSecond") ?? 0,
        ColdStarts = Number(answer, "ColdStarts") ?? 0,
        P50 = Number(answer, "LatencyP50"),
        P95 = Number(answer, "LatencyP95"),
        P99 = Number(answer, "LatencyP99"),
        InFlight = Number(answer, "InFlight") ?? 0,
        Waiting = Number(answer, "Waiting") ?? 0,
        Active = (int)(Number(answer, "ActiveInstances") ?? 0),
        Frozen = (int)(Number(answer, "FrozenInstances") ?? 0),
        Other = (int)(Number(answer, "OtherInstances") ?? 0),
        CpuCores = Number(answer, "CpuCores"),
        Cpu = Number(answer, "CpuPercent"),
        MemoryBytes = Number(answer, "MemoryBytes"),
        Memory = Number(answer, "MemoryPercent"),
        RequestHistory = [.. (answer["RequestHistory"] as JsonArray ?? []).Select(count => double.Parse(count!.ToJsonString(), CultureInfo.InvariantCulture))],
    };

    private static double? Number(JsonObject answer, string member) =>
        answer[member] is { } value ? double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) : null;
}
