using System.Text.Json.Nodes;
using Sanbashi.Wire;

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>Signed calls without the start-up time of <c>aws</c>, for everything that is asked often.</summary>
internal sealed class PlatformApi : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly AwsJsonClient _client;

    public PlatformApi(Uri endpoint, ApiCredential credential, string region) => _client = new AwsJsonClient(_http, endpoint, credential, region, TimeProvider.System);

    public Task<JsonObject> AppRunner(string operation, JsonObject input) => _client.Call("AppRunner", "apprunner", "1.0", operation, input, TestContext.Current.CancellationToken);

    public Task<JsonObject> Sanbashi(string operation, JsonObject input) => _client.Call("Sanbashi", "sanbashi", "1.0", operation, input, TestContext.Current.CancellationToken);

    public Task<JsonObject> Logs(string operation, JsonObject input) => _client.Call("Logs_20140328", "logs", "1.1", operation, input, TestContext.Current.CancellationToken);

    /// <summary>Creates a service and answers it at once, while it is still being deployed.</summary>
    public async Task<ServiceHandle> CreateService(string name, string image, ServiceRequest? request = null)
    {
        var answer = await AppRunner("CreateService", (request ?? new ServiceRequest()).Create(name, image));
        return new ServiceHandle(this, answer["Service"]!.AsObject(), (string)answer["OperationId"]!);
    }

    /// <summary>Creates a service and waits until it runs.</summary>
    public async Task<ServiceHandle> RunService(string name, string image, ServiceRequest? request = null)
    {
        var service = await CreateService(name, image, request);
        await service.WaitForOperation(service.CreateOperation, "SUCCEEDED");
        return service;
    }

    public void Dispose() => _http.Dispose();
}
