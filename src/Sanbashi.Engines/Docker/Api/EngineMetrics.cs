using System.Diagnostics.Metrics;

namespace Sanbashi.Engines.Docker.Api;

internal static class EngineMetrics
{
    /// <summary>What a listener subscribes to.</summary>
    public const string MeterName = "Sanbashi.Engines";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> Calls = Meter.CreateHistogram<double>(
        "sanbashi.engine.call", "s", "Time the engine took to answer a call (for streams: to begin answering)");

    /// <param name="outcome"><c>ok</c>, <c>refused</c>, <c>unreachable</c>, <c>timeout</c> or <c>cancelled</c>.</param>
    public static void Called(string operation, string outcome, TimeSpan duration) =>
        Calls.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("outcome", outcome));
}
