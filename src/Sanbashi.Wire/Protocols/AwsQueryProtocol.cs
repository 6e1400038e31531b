using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
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

    private static readonly XmlWriterSettings WriterSettings = new()
    {
        OmitXmlDeclaration = true,
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <inheritdoc/>
    public string Name => "query";

    /// <summary>What an error is called in this protocol.</summary>
    internal static string CodeOf(ApiError error) => error.Shape is null && Renamed.TryGetValue(error.Code, out var renamed) ? renamed.Code : error.Shape?.Error?.Code ?? error.Code;

    /// <inheritdoc/>
    public IEnumerable<WireRoute> Routes(ServiceModel model) => [new WireRoute("POST", "/"), new WireRoute("GET", "/", OnlyCalls: true)];

    /// <inheritdoc/>
    public WireTarget? Find(WireRequest request, IReadOnlyList<ApiService> services)
    {
        if (Parameter(request, "Action") is not { } action)
        {
            return null;
        }

        // Some services share a name in signatures and differ by the version of their API.
        var version = Parameter(request, "Version");
        var named = request.Scope is { } scope
            ? services.Where(service => service.Model.SigningName == scope.Service)
            : services.Where(service => service.Model.Operations.ContainsKey(action));
        var service = named.FirstOrDefault(candidate => version is null || candidate.Model.Metadata.ApiVersion == version);
        return service is null && named.Any() ? new WireTarget(this, null, action) : service is null ? null : new WireTarget(this, service, action);
    }

    /// <inheritdoc/>
    public JsonObject ReadInput(WireRequest request, OperationModel operation) =>
        QueryInputReader.Read(operation.Input?.Shape, request.Parameters);

    /// <inheritdoc/>
    public Task WriteOutput(HttpResponse response, OperationModel operation, JsonObject output, string requestId, CancellationToken cancellationToken)
    {
        response.StatusCode = StatusCodes.Status200OK;
        return Write(response, writer =>
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
        return Write(response, writer =>
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

    private static string? Parameter(WireRequest request, string name) =>
        request.Method == HttpMethods.Get || request.ContentType == FormParameters.ContentType
            ? request.Parameters.FirstOrDefault(parameter => parameter.Key == name).Value
            : null;

    private static async Task Write(HttpResponse response, Action<XmlWriter> write, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, WriterSettings))
        {
            write(writer);
        }

        response.ContentType = "text/xml";
        response.ContentLength = buffer.Length;
        await response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellationToken);
    }
}
