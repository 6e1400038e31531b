using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Metrics;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Metrics.CloudWatch;

/// <summary>ListMetrics: what can be asked for, of services that are not deleted.</summary>
internal sealed class MetricList(ServiceDocuments documents)
{
    /// <summary>CloudWatch's own.</summary>
    private const int PageSize = 500;

    public async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var input = call.Input;
        var filters = (input.Objects("Dimensions") ?? []).Select(filter => (Name: filter.Text("Name"), Value: filter.Text("Value"))).ToList();
        var metrics = MetricCatalog.All
            .Where(metric => (input.Text("Namespace") ?? metric.Namespace) == metric.Namespace && (input.Text("MetricName") ?? metric.Name) == metric.Name)
            .ToList();
        var services = (await documents.ListServices(call.Scope(), cancellationToken))
            .Select(stored => stored.Record)
            .Where(service => service.Status != ServiceStatus.Deleted
                && filters.TrueForAll(filter => filter.Name switch
                {
                    MetricQuestion.ServiceName => (filter.Value ?? service.Name) == service.Name,
                    MetricQuestion.ServiceId => (filter.Value ?? service.Id) == service.Id,
                    _ => false,
                }));
        var from = PageTokens.Read(call, "InvalidParameterValueException") is { } cursor ? int.Parse(cursor, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        var rest = services.SelectMany(service => metrics.Select(metric => (service, metric))).Skip(from).Take(PageSize + 1).ToList();
        return new JsonObject
        {
            ["Metrics"] = ApiOutput.List(rest.Take(PageSize).Select(pair => Describe(pair.service, pair.metric))),
            ["NextToken"] = rest.Count > PageSize ? PageTokens.Write(call, (from + PageSize).ToString(CultureInfo.InvariantCulture)) : null,
        };
    }

    private static JsonObject Describe(ServiceRecord service, MetricDefinition metric) => new()
    {
        ["Namespace"] = metric.Namespace,
        ["MetricName"] = metric.Name,
        ["Dimensions"] = new JsonArray(Dimension(MetricQuestion.ServiceId, service.Id), Dimension(MetricQuestion.ServiceName, service.Name)),
    };

    private static JsonObject Dimension(string name, string value) => new() { ["Name"] = name, ["Value"] = value };
}
