using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Logs.Api;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Logs;

/// <summary>The logs API behind the real wire, over logs in a folder of their own.</summary>
internal sealed class LogsHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private LogsHost(WebApplication app, LogLab lab)
    {
        _app = app;
        Lab = lab;
        Endpoint = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public LogLab Lab { get; }

    public Uri Endpoint { get; }

    public static async Task<LogsHost> Start(LogLab? lab = null)
    {
        lab ??= new LogLab();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<ICredentialStore>(new RootOnly());
        builder.Services.AddAwsWire(options => options.Services.Add(LogsApi.Create(lab.Store)));
        var app = builder.Build();
        app.MapAwsWire();
        await app.StartAsync();
        return new LogsHost(app, lab);
    }

    public static string Group(string kind, string name = "web", string id = LogLab.ServiceId) => $"/aws/apprunner/{name}/{id}/{kind}";

    public Task<JsonObject> Call(string operation, string input, string region = "local-1") =>
        new AwsJsonClient(_http, Endpoint, ApiHost.Root, region, TimeProvider.System).Call("Logs_20140328", "logs", "1.1", operation, JsonNode.Parse(input)!.AsObject(), LogLab.Deadline());

    public async Task<string> Refused(string operation, string input, string code)
    {
        var error = await Should.ThrowAsync<ApiException>(() => Call(operation, input));
        error.Code.ShouldBe(code, error.Message);
        return error.Message;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Lab.Dispose();
    }

    private sealed class RootOnly : ICredentialStore
    {
        public ValueTask<ApiCredential?> Find(string accessKeyId, string? sessionToken, CancellationToken cancellationToken) =>
            ValueTask.FromResult(accessKeyId == ApiHost.Root.AccessKeyId ? ApiHost.Root : null);
    }
}
