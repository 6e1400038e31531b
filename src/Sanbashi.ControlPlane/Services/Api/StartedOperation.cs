using System.Text.Json.Nodes;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>A service that has begun an operation, and the writes that make it so.</summary>
/// <param name="Operation">Null when there is nothing to do.</param>
internal sealed record StartedOperation(ServiceRecord Service, OperationRecord? Operation, IReadOnlyList<DocumentWrite> Writes)
{
    /// <summary>The service is already as asked: answered without an operation.</summary>
    public static StartedOperation None(ServiceRecord service) => new(service, null, []);

    public JsonObject Answer(ServiceAnswers answers) => new()
    {
        ["Service"] = answers.Service(Service),
        ["OperationId"] = Operation?.Id,
    };
}
