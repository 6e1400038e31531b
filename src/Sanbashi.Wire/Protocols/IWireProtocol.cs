using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sanbashi.Wire;

/// <summary>
/// One way to put calls into HTTP. Everything else (signatures, validation, handlers) is the same for all protocols.
/// Implementations are stateless.
/// </summary>
public interface IWireProtocol
{
    /// <summary>The name in service definitions: <c>json</c>, <c>query</c>, <c>ec2</c>, <c>rest-json</c>, ...</summary>
    string Name { get; }

    /// <summary>The methods and paths at which calls of a service arrive.</summary>
    IEnumerable<WireRoute> Routes(ServiceModel model);

    /// <summary>
    /// Finds the operation that a request calls among the services that speak this protocol; <c>null</c> when the request
    /// is not in this protocol or for none of them.
    /// </summary>
    WireTarget? Find(WireRequest request, IReadOnlyList<ApiService> services);

    /// <summary>Reads the input by the operation's shapes: unknown members and nulls are dropped.</summary>
    /// <exception cref="ApiException">The input is not well-formed, or has values of wrong types.</exception>
    JsonObject ReadInput(WireRequest request, OperationModel operation);

    /// <summary>Writes the answer; the output has been checked against its shape.</summary>
    Task WriteOutput(HttpResponse response, OperationModel operation, JsonObject output, string requestId, CancellationToken cancellationToken);

    /// <summary>Writes an error; <paramref name="model"/> is absent when no service was found.</summary>
    Task WriteError(HttpResponse response, ServiceModel? model, ApiError error, string requestId, CancellationToken cancellationToken);

    /// <summary>Whether a request that names no service of ours looks like this protocol, so that its error is readable.</summary>
    bool Resembles(WireRequest request);
}
