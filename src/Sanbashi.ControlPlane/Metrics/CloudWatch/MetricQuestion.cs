using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Metrics;

namespace Sanbashi.ControlPlane.Metrics.CloudWatch;

/// <summary>Which metric of which service is meant.</summary>
/// <param name="Dimensions">In the order given.</param>
internal sealed record MetricQuestion(string Namespace, string Name, IReadOnlyList<(string Name, string Value)> Dimensions)
{
    public const string ServiceName = "ServiceName", ServiceId = "ServiceID";

    /// <summary>Null when there is no such metric, which is no error: it has no data.</summary>
    public MetricDefinition? Definition => MetricCatalog.Find(Namespace, Name);

    /// <summary>Null unless the dimensions are exactly a service's: a metric is found by all of them or not at all.</summary>
    public (string Name, string Id)? Service => Dimensions.Count == 2 && Value(ServiceName) is { } name && Value(ServiceId) is { } id ? (name, id) : null;

    /// <param name="input">With Namespace, MetricName and Dimensions.</param>
    public static MetricQuestion Read(JsonObject input) => new(
        input.Text("Namespace") ?? "",
        input.Text("MetricName") ?? "",
        [.. (input.Objects("Dimensions") ?? []).Select(dimension => (dimension.Text("Name") ?? "", dimension.Text("Value") ?? ""))]);

    public static DateTimeOffset Moment(JsonObject input, string member)
    {
        var seconds = decimal.Parse(input[member]!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
        return DateTimeOffset.UnixEpoch.AddSeconds((double)Math.Clamp(seconds, 0, 253_402_300_799));
    }

    private string? Value(string dimension) => Dimensions.FirstOrDefault(given => given.Name == dimension).Value;
}
