using System.Text.Json.Nodes;

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>One service of a platform.</summary>
internal sealed class ServiceHandle(PlatformApi api, JsonObject service, string createOperation)
{
    public string CreateOperation { get; } = createOperation;

    public string Name => (string)service["ServiceName"]!;

    public string Id => (string)service["ServiceId"]!;

    public string Arn => (string)service["ServiceArn"]!;

    /// <summary>Host and port as the API gives it.</summary>
    public string Url => (string)service["ServiceUrl"]!;

    /// <summary>What to send as Host.</summary>
    public string Host => Url;

    /// <summary>The same service, asked for at a platform that was started again.</summary>
    public ServiceHandle On(PlatformApi other) => new(other, service, CreateOperation);

    private JsonObject Reference => new() { ["ServiceArn"] = Arn };

    public async Task<JsonObject> Describe() => (await api.AppRunner("DescribeService", Reference))["Service"]!.AsObject();

    public async Task<string> Status() => (string)(await Describe())["Status"]!;

    public async Task<string> StartDeployment() => (string)(await api.AppRunner("StartDeployment", Reference))["OperationId"]!;

    public Task<string> Pause() => Start("PauseService", Reference);

    public Task<string> Resume() => Start("ResumeService", Reference);

    public Task<string> Delete() => Start("DeleteService", Reference);

    /// <summary>Starts an update of the image and its configuration.</summary>
    public Task<string> Update(string image, ServiceRequest? request = null)
    {
        var input = Reference;
        input["SourceConfiguration"] = (request ?? new ServiceRequest()).Source(image);
        return Start("UpdateService", input);
    }

    public async Task<string> Rollback() => (string)(await api.Sanbashi("RollbackService", Reference))["OperationId"]!;

    public Task CancelOperation() => api.Sanbashi("CancelOperation", Reference);

    public async Task<JsonArray> Instances() => (await api.Sanbashi("DescribeInstances", Reference))["Instances"]!.AsArray();

    public async Task<JsonArray> Operations() => (await api.AppRunner("ListOperations", Reference))["OperationSummaryList"]!.AsArray();

    public async Task<string> OperationStatus(string operationId) =>
        (string)(await Operations()).Single(operation => (string)operation!["Id"]! == operationId)!["Status"]!;

    /// <summary>Waits until the operation has ended and checks how; a wrong end tells the service's events.</summary>
    public async Task WaitForOperation(string operationId, string expected)
    {
        var status = await Eventually.Get(() => OperationStatus(operationId), status => status is not ("PENDING" or "IN_PROGRESS" or "ROLLBACK_IN_PROGRESS"));
        if (status != expected)
        {
            throw new InvalidOperationException($"The operation of {Name} ended as {status} instead of {expected}. Events:\n{string.Join('\n', await Events())}");
        }
    }

    /// <summary>The messages of the event log, oldest first.</summary>
    public async Task<IReadOnlyList<string>> Events()
    {
        var input = Reference;
        input["LogType"] = "events";
        return [.. (await api.Sanbashi("GetServiceLogs", input))["Events"]!.AsArray().Select(line => (string)line!["Message"]!)];
    }

    /// <summary>Waits until some event contains the text, and answers it.</summary>
    public async Task<string> WaitForEvent(string text) =>
        (await Eventually.Get(Events, events => events.Any(line => line.Contains(text, StringComparison.Ordinal)), expectation: text))
        .Last(line => line.Contains(text, StringComparison.Ordinal));

    private async Task<string> Start(string operation, JsonObject input) => (string)(await api.AppRunner(operation, input))["OperationId"]!;
}
