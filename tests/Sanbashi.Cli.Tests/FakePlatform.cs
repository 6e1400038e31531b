using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Sanbashi.Cli.Supervision;
using Sanbashi.ControlPlane.Identity;

namespace Sanbashi.Cli.Tests;

/// <summary>A platform that answers what a test tells it to, with a state folder that leads commands to it.</summary>
internal sealed class FakePlatform : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _state = new();
    private readonly ConcurrentDictionary<string, Func<JsonObject, JsonObject>> _answers = new();

    private FakePlatform(WebApplication app) => _app = app;

    public string State => _state.Path;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Every call as <c>AppRunner.ListServices {...}</c>, in order.</summary>
    public ConcurrentQueue<(string Operation, JsonObject Input)> Calls { get; } = [];

    /// <summary>Calls of this operation whose connection is cut instead of answered.</summary>
    public (string Operation, int Times) Cut { get; set; }

    /// <summary>Serves a path that is not an API call.</summary>
    public Func<HttpContext, Task>? Other { get; set; }

    public static async Task<FakePlatform> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var platform = new FakePlatform(app);
        app.UseWebSockets();
        app.Run(platform.Serve);
        await app.StartAsync();
        Directory.CreateDirectory(Path.Combine(platform.State, "run"));
        platform.WriteStatus();
        RootCredentials.LoadOrCreate(platform.State, "000000000000");
        return platform;
    }

    public FakePlatform Answer(string operation, Func<JsonObject, JsonObject> answer)
    {
        _answers[operation] = answer;
        return this;
    }

    public FakePlatform Answer(string operation, string json) => Answer(operation, _ => JsonNode.Parse(json)!.AsObject());

    public FakePlatform Refuse(string operation, string code, string message) => Answer(operation, _ => throw new RefusedException(code, message));

    /// <summary>One service <c>web</c> in the given state, with one operation that has ended as given.</summary>
    public FakePlatform WithService(string status = "RUNNING", string operationStatus = "SUCCEEDED", string type = "START_DEPLOYMENT") => this
        .Answer("AppRunner.ListServices", $$"""{"ServiceSummaryList":[{{Service(status)}}]}""")
        .Answer("AppRunner.DescribeService", $$"""{"Service":{{Service(status)}}}""")
        .Answer("AppRunner.ListOperations", $$"""{"OperationSummaryList":[{"Id":"op1","Type":"{{type}}","Status":"{{operationStatus}}","StartedAt":1000.0,"EndedAt":1002.5}]}""")
        .Answer("Sanbashi.GetServiceLogs", input => input.ContainsKey("NextToken")
            ? JsonNode.Parse("""{"Events":[],"NextToken":"2"}""")!.AsObject()
            : JsonNode.Parse("""{"Events":[{"Timestamp":1000.5,"Message":"[AppRunner] Deployment started.","Stream":"x"},{"Timestamp":1002,"Message":"[AppRunner] Health check is successful."}],"NextToken":"1"}""")!.AsObject());

    public static string Service(string status) =>
        $$"""{"ServiceName":"web","ServiceId":"{{new string('a', 32)}}","ServiceArn":"arn:aws:apprunner:local-1:000000000000:service/web/{{new string('a', 32)}}","ServiceUrl":"web.sanbashi.localhost:8080","Status":"{{status}}","CreatedAt":1000.0,"UpdatedAt":1001.0,"SourceConfiguration":{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR_PUBLIC","ImageConfiguration":{"Port":"8080"} } },"InstanceConfiguration":{"Cpu":"1024","Memory":"2048"} }""";

    public Task<CommandRun> Run(params IReadOnlyList<string> arguments) => CommandRun.Cli(["--state", State, .. arguments]);

    public JsonObject Input(string operation) => Calls.Last(call => call.Operation == operation).Input;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _state.Dispose();
    }

    private void WriteStatus()
    {
        var status = new PlatformStatus("0.0.0", 1, DateTimeOffset.UnixEpoch, State, [$"http://localhost:{Address.Port}"], null, null, null, "sanbashi.localhost", "local-1", "000000000000", "unix:///x", "sqlite", false, null);
        File.WriteAllText(PlatformStatus.FilePath(State), JsonSerializer.Serialize(status, SupervisionJsonContext.Default.PlatformStatus));
    }

    private async Task Serve(HttpContext context)
    {
        if (context.Request.Headers["X-Amz-Target"].FirstOrDefault() is not { } operation)
        {
            await (Other ?? throw new InvalidOperationException($"Nobody serves {context.Request.Path}"))(context);
            return;
        }

        var input = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        Calls.Enqueue((operation, input));
        if (Cut.Operation == operation && Cut.Times > 0)
        {
            Cut = (operation, Cut.Times - 1);
            context.Abort();
            return;
        }

        try
        {
            var answer = _answers.TryGetValue(operation, out var answerer) ? answerer(input) : throw new RefusedException("UnknownOperationException", $"The test has no answer to {operation}.");
            await context.Response.WriteAsync(answer.ToJsonString());
        }
        catch (RefusedException refused)
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync(new JsonObject { ["__type"] = refused.Code, ["Message"] = refused.Message }.ToJsonString());
        }
    }

    private sealed class RefusedException(string code, string message) : Exception(message)
    {
        public string Code { get; } = code;
    }
}
