using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sanbashi.Wire;

/// <summary>
/// The query protocol: <c>Action</c> and <c>Version</c> with the input as form parameters, XML as answer. The service is
/// the signature's; calls without a signature are found by their action.
/// </summary>
public sealed class AwsQueryProtocol : IWireProtocol
{
    /// <summary>What the common errors are called in this protocol, with their own statuses where these differ.</summary>
    private static readonly FrozenDictionary<string, (string Code, int Status)> Renamed = new Dictionary<string, (string, int)>
    {
        [CommonErrors.AccessDenied] = ("AccessDenied", 403),
        [CommonErrors.ExpiredToken] = ("ExpiredToken", 403),
        [CommonErrors.IncompleteSignature] = ("IncompleteSignature", 403),
        [CommonErrors.InvalidSignature] = ("SignatureDoesNotMatch", 403),
        [CommonErrors.MissingAuthenticationToken] = ("MissingAuthenticationToken", 403),
        [CommonErrors.Serialization] = ("MalformedInput", 400),
        [CommonErrors.UnknownOperation] = ("InvalidAction", 400),
        [CommonErrors.UnrecognizedClient] = ("InvalidClientTokenId", 403),
        [CommonErrors.Validation] = ("ValidationError", 400),
        ["ThrottlingException"] = ("Throttling", 400),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "query";

    /// <summary>What an error is called in this protocol.</summary>
    internal static string CodeOf(ApiError error) => error.Shape is null && Renamed.TryGetValue(error.Code, out var renamed) ? renamed.Code : error.Shape?.Error?.Code ?? error.Code;

    /// <inheritdoc/>
    public IEnumerable<WireRoute> Routes(ServiceModel model) => [new WireRoute("POST", "/"), new WireRoute("GET", "/", OnlyCalls: true)];

    /// <inheritdoc/>
    public WireTarget? Find(WireRequest request, IReadOnlyList<ApiService> services) => QueryTargets.Find(this, request, services);

    /// <inheritdoc/>
    public JsonObject ReadInput(WireRequest request, OperationModel operation) =>
        QueryInputReader.OfQuery.Read(operation.Input?.Shape, request.Parameters);

    /// <inheritdoc/>
    public Task WriteOutput(HttpResponse response, OperationModel operation, JsonObject output, string requestId, CancellationToken cancellationToken)
    {
        response.StatusCode = StatusCodes.Status200OK;
        return XmlAnswers.Write(response, writer =>
        {
            writer.WriteStartElement($"{operation.Name}Response", operation.Model.Metadata.XmlNamespace);
            if (operation.Output is { } reference)
            {
                if (operation.ResultWrapper is { } wrapper)
                {
                    writer.WriteStartElement(wrapper, operation.Model.Metadata.XmlNamespace);
                }

                XmlOutputWriter.Structure(writer, reference.Shape, output);
                if (operation.ResultWrapper is not null)
                {
                    writer.WriteEndElement();
                }
            }

            writer.WriteStartElement("ResponseMetadata");
            writer.WriteElementString("RequestId", requestId);
            writer.WriteEndElement();
            writer.WriteEndElement();
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task WriteError(HttpResponse response, ServiceModel? model, ApiError error, string requestId, CancellationToken cancellationToken)
    {
        var code = CodeOf(error);
        response.StatusCode = error.Shape is null && Renamed.TryGetValue(error.Code, out var renamed) ? renamed.Status : error.Status;
        return XmlAnswers.Write(response, writer =>
        {
            writer.WriteStartElement("ErrorResponse", model?.Metadata.XmlNamespace);
            writer.WriteStartElement("Error");
            writer.WriteElementString("Type", error.IsFault ? "Receiver" : "Sender");
            writer.WriteElementString("Code", code);
            writer.WriteStartElement("Message");
            XmlOutputWriter.Text(writer, error.Message);
            writer.WriteEndElement();
            writer.WriteEndElement();
            writer.WriteElementString("RequestId", requestId);
            writer.WriteEndElement();
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public bool Resembles(WireRequest request) => request.ContentType == FormParameters.ContentType || request.Method == HttpMethods.Get;
}
