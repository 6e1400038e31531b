using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>The calls that only read.</summary>
internal sealed class ServiceQueries(ServiceDocuments documents, ServiceLookup lookup, ServiceAnswers answers)
{
    public async Task<JsonObject> Describe(ApiCall call, CancellationToken cancellationToken) =>
        new() { ["Service"] = answers.Service((await lookup.Find(call, cancellationToken)).Record) };

    /// <summary>Oldest first. Deleted services are described, but not listed: a list is what there is.</summary>
    public async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var after = Pages.Start(call) ?? 0;
        var services = await documents.ListServices(call.Scope(), cancellationToken);
        return Pages.Answer(
            call,
            "ServiceSummaryList",
            services.Where(stored => stored.Record.Status != ServiceStatus.Deleted && stored.CreatedSequence > after),
            stored => answers.Summary(stored.Record));
    }

    /// <summary>Newest first; also of a service deleted within the hour, so that clients can watch its deletion end.</summary>
    public async Task<JsonObject> ListOperations(ApiCall call, CancellationToken cancellationToken)
    {
        var service = await lookup.Find(call, cancellationToken);
        var before = Pages.Start(call);
        var operations = await documents.ListOperations(service.Record, before, Pages.Size(call) + 1, cancellationToken);
        return Pages.Answer(call, "OperationSummaryList", operations, stored => ServiceAnswers.Operation(stored.Record));
    }
}
