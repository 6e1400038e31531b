using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Api;

/// <summary>Calls the API in one region, and plays the reconciler: ends operations as a test says.</summary>
internal sealed class ApiClient(ApiHost host, string region)
{
    private readonly AwsJsonClient _client = new(host.Http, host.Endpoint, ApiHost.Root, region, TimeProvider.System);
    private readonly CancellationToken _cancelled = TestContext.Current.CancellationToken;

    public ApiHost Host => host;

    public string Region => region;

    public ResourceScope Scope => new(ApiHost.Account, region);

    public Task<JsonObject> Call(string operation, JsonObject? input = null) =>
        _client.Call("AppRunner", "apprunner", "1.0", operation, input ?? [], _cancelled);

    public Task<JsonObject> Extension(string operation, JsonObject input) =>
        _client.Call("Sanbashi", "sanbashi", "1.0", operation, input, _cancelled);

    /// <summary>Calls and expects an error.</summary>
    public async Task<ApiException> Refused(string operation, JsonObject? input, string code)
    {
        var error = await Should.ThrowAsync<ApiException>(() => Call(operation, input));
        error.Code.ShouldBe(code, error.Message);
        return error;
    }

    public Task<ApiException> InvalidRequest(string operation, JsonObject? input) => Refused(operation, input, "InvalidRequestException");

    public Task<ApiException> InvalidState(string operation, JsonObject? input) => Refused(operation, input, "InvalidStateException");

    public Task<ApiException> NotFound(string operation, JsonObject? input) => Refused(operation, input, "ResourceNotFoundException");

    /// <summary>Input of CreateService for a small image service.</summary>
    public static JsonObject NewService(string name) => new()
    {
        ["ServiceName"] = name,
        ["SourceConfiguration"] = new JsonObject
        {
            ["ImageRepository"] = new JsonObject { ["ImageIdentifier"] = "app:1", ["ImageRepositoryType"] = "ECR" },
        },
    };

    /// <summary>Creates a service; answers its ARN.</summary>
    public async Task<string> Create(JsonObject input) => (await Call("CreateService", input))["Service"]!["ServiceArn"]!.GetValue<string>();

    /// <summary>Creates a service and lets its first deployment succeed; answers its ARN.</summary>
    public async Task<string> CreateRunning(string name)
    {
        var arn = await Create(NewService(name));
        await Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        return arn;
    }

    public static JsonObject Named(string arn) => new() { ["ServiceArn"] = arn };

    /// <summary>Input with members besides the ARN, written as JSON.</summary>
    public static JsonObject Named(string arn, string members)
    {
        var input = JsonNode.Parse(members)!.AsObject();
        input["ServiceArn"] = arn;
        return input;
    }

    public async Task<Stored<ServiceRecord>> Stored(string arn) => (await host.Documents.FindService(Scope, Id(arn), _cancelled))!;

    public async Task<ServiceRecord> Service(string arn) => (await Stored(arn)).Record;

    public async Task<OperationRecord> Operation(string id) => (await host.Documents.FindOperation(Scope, id, _cancelled))!.Record;

    /// <summary>Ends the operation in progress, as the reconciler would.</summary>
    public async Task Finish(string arn, OperationStatus outcome, ServiceStatus status)
    {
        var stored = await Stored(arn);
        var operation = (await host.Documents.FindOperation(Scope, stored.Record.OperationId!, _cancelled))!;
        var now = host.Time.GetUtcNow();
        var isSwitched = outcome == OperationStatus.Succeeded && operation.Record.Revision is not null && operation.Record.Revision != stored.Record.ActiveRevision;
        var service = stored.Record with
        {
            Status = status,
            OperationId = null,
            UpdatedAt = now,
            DeletedAt = status == ServiceStatus.Deleted ? now : null,
            ActiveRevision = isSwitched ? operation.Record.Revision : stored.Record.ActiveRevision,
            PreviousRevision = isSwitched ? stored.Record.ActiveRevision : stored.Record.PreviousRevision,
        };
        var ended = operation.Record with { Status = outcome, UpdatedAt = now, EndedAt = now };
        var result = await host.Documents.Store.Commit(
            [
                ServiceDocuments.Write(service, stored.Version),
                ServiceDocuments.Write(Scope, ended, operation.Version),
                .. status == ServiceStatus.Deleted ? [ServiceDocuments.ReleaseHost(service.HostLabel)] : Array.Empty<Storage.DocumentWrite>(),
            ],
            _cancelled);
        result.ShouldBe(Storage.CommitResult.Committed);
    }

    public static string Id(string arn) => arn[(arn.LastIndexOf('/') + 1)..];
}
