using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sanbashi.Wire.Tests.Dispatch;

/// <summary>The least of a REST protocol, to prove that one plugs in without a change to the rest of the wire.</summary>
internal sealed class ToyRestProtocol : IWireProtocol
{
    public string Name => "rest-json";

    public IEnumerable<WireRoute> Routes(ServiceModel model) =>
        model.Operations.Values.Where(operation => operation.RequestUri != "/").Select(operation => new WireRoute(operation.HttpMethod, operation.RequestUri));

    public WireTarget? Find(WireRequest request, IReadOnlyList<ApiService> services) =>
        request.RawPath.StartsWith("/things/", StringComparison.Ordinal) ? new WireTarget(this, services[0], "PutThing") : null;

    public JsonObject ReadInput(WireRequest request, OperationModel operation) => new() { ["Name"] = (string)request.RouteValues["Name"]! };

    public Task WriteOutput(HttpResponse response, OperationModel operation, JsonObject output, string requestId, CancellationToken cancellationToken) =>
        response.WriteAsync(output.ToJsonString(), cancellationToken);

    public Task WriteError(HttpResponse response, ServiceModel? model, ApiError error, string requestId, CancellationToken cancellationToken) =>
        response.WriteAsync(error.Code, cancellationToken);

    public bool Resembles(WireRequest request) => false;
}
