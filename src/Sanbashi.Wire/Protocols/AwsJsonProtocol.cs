using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sanbashi.Wire;

/// <summary>
/// AWS JSON 1.0 and 1.1: <c>POST /</c> with the operation in <c>X-Amz-Target</c> and a JSON object as body. Services that
/// used to speak the query protocol (query-compatible) get their older error code in a header too.
/// </summary>
public sealed class AwsJsonProtocol : IWireProtocol
{
    private const string TargetHeader = "X-Amz-Target";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public string Name => "json";

    /// <inheritdoc/>
    public IEnumerable<WireRoute> Routes(ServiceModel model) => [new WireRoute("POST", "/")];

    /// <inheritdoc/>
    public WireTarget? Find(WireRequest request, IReadOnlyList<ApiService> services)
    {
        if (request.Headers[TargetHeader] is not [{ Length: > 0 } target])
        {
            return null;
        }

        var dot = target.LastIndexOf('.');
        var prefix = dot < 0 ? "" : target[..dot];
        var service = services.FirstOrDefault(candidate => candidate.Model.Metadata.TargetPrefix == prefix);
        return service is null ? null : new WireTarget(this, service, target[(dot + 1)..]);
    }

    /// <inheritdoc/>
    public JsonObject ReadInput(WireRequest request, OperationModel operation) =>
        JsonInputReader.Read(operation.Input?.Shape, request.Body);

    /// <inheritdoc/>
    public async Task WriteOutput(
        HttpResponse response,
        OperationModel operation,
        JsonObject output,
        string requestId,
        CancellationToken cancellationToken)
    {
        response.StatusCode = StatusCodes.Status200OK;
        await Write(response, operation.Model, writer =>
        {
            if (operation.Output is { } reference)
            {
                JsonOutputWriter.Write(writer, reference.Shape, output);
            }
            else
            {
                writer.WriteStartObject();
                writer.WriteEndObject();
            }
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WriteError(
        HttpResponse response,
        ServiceModel? model,
        ApiError error,
        string requestId,
        CancellationToken cancellationToken)
    {
        response.StatusCode = error.Status;
        if (model is { Metadata.IsQueryCompatible: true })
        {
            response.Headers["x-amzn-query-error"] = $"{AwsQueryProtocol.CodeOf(error)};{(error.IsFault ? "Receiver" : "Sender")}";
        }

        await Write(response, model, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("__type", error.Code);
            writer.WriteString(ApiError.MessageMember(model, error.Shape)?.Name ?? "message", error.Message);
            writer.WriteEndObject();
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public bool Resembles(WireRequest request) =>
        request.Headers.ContainsKey(TargetHeader) || request.ContentType.StartsWith("application/x-amz-json-", StringComparison.Ordinal);

    private static async Task Write(HttpResponse response, ServiceModel? model, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            write(writer);
        }

        response.ContentType = $"application/x-amz-json-{model?.Metadata.JsonVersion ?? "1.0"}";
        response.ContentLength = buffer.WrittenCount;
        await response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken);
    }
}
