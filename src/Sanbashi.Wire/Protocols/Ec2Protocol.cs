using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sanbashi.Wire;

/// <summary>EC2's variant of the query protocol: parameters and lists have other names, answers no wrapper, errors another form.</summary>
public sealed class Ec2Protocol : IWireProtocol
{
    /// <summary>Answers a call with <c>DryRun</c> that would have succeeded.</summary>
    public const string DryRun = "DryRunOperation";

    /// <summary>What the common errors are called in this protocol, with their own statuses where these differ.</summary>
    private static readonly FrozenDictionary<string, (string Code, int Status)> Renamed = new Dictionary<string, (string, int)>
    {
        [CommonErrors.AccessDenied] = ("UnauthorizedOperation", 403),
        [CommonErrors.ExpiredToken] = ("RequestExpired", 400),
        [CommonErrors.IncompleteSignature] = ("IncompleteSignature", 400),
        [CommonErrors.InternalFailure] = ("InternalError", 500),
        [CommonErrors.InvalidSignature] = ("AuthFailure", 401),
        [CommonErrors.MissingAuthenticationToken] = ("MissingAuthenticationToken", 403),
        [CommonErrors.Serialization] = ("InvalidParameterValue", 400),
        [CommonErrors.UnknownOperation] = ("InvalidAction", 400),
        [CommonErrors.UnrecognizedClient] = ("AuthFailure", 401),
        [DryRun] = (DryRun, 412),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "ec2";

    /// <inheritdoc/>
    public IEnumerable<WireRoute> Routes(ServiceModel model) => [new WireRoute("POST", "/"), new WireRoute("GET", "/", OnlyCalls: true)];

    /// <inheritdoc/>
    public WireTarget? Find(WireRequest request, IReadOnlyList<ApiService> services) => QueryTargets.Find(this, request, services);

    /// <inheritdoc/>
    public JsonObject ReadInput(WireRequest request, OperationModel operation) =>
        QueryInputReader.OfEc2.Read(operation.Input?.Shape, request.Parameters);

    /// <inheritdoc/>
    public Task WriteOutput(HttpResponse response, OperationModel operation, JsonObject output, string requestId, CancellationToken cancellationToken)
    {
        response.StatusCode = StatusCodes.Status200OK;
        return XmlAnswers.Write(response, writer =>
        {
            writer.WriteStartElement($"{operation.Name}Response", operation.Model.Metadata.XmlNamespace);
            writer.WriteElementString("requestId", requestId);
            if (operation.Output is { } reference)
            {
                XmlOutputWriter.Structure(writer, reference.Shape, output);
            }
            else
            {
                writer.WriteElementString("return", "true");
            }

            writer.WriteEndElement();
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task WriteError(HttpResponse response, ServiceModel? model, ApiError error, string requestId, CancellationToken cancellationToken)
    {
        var (code, status) = Renamed.TryGetValue(error.Code, out var renamed) ? renamed : (error.Code, error.Status);
        response.StatusCode = status;
        return XmlAnswers.Write(response, writer =>
        {
            writer.WriteStartElement("Response");
            writer.WriteStartElement("Errors");
            writer.WriteStartElement("Error");
            writer.WriteElementString("Code", code);
            writer.WriteStartElement("Message");
            XmlOutputWriter.Text(writer, error.Message);
            writer.WriteEndElement();
            writer.WriteEndElement();
            writer.WriteEndElement();
            writer.WriteElementString("RequestID", requestId);
            writer.WriteEndElement();
        }, cancellationToken);
    }

    /// <summary>What cannot be assigned to any service gets the error of the query protocol itself.</summary>
    public bool Resembles(WireRequest request) => false;
}
