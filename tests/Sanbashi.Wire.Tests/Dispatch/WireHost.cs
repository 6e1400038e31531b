using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sanbashi.Wire.Tests.Signatures;

namespace Sanbashi.Wire.Tests.Dispatch;

/// <summary>The wire on a real listener at a free port, with handlers that remember what they were called with.</summary>
internal sealed class WireHost : IAsyncDisposable
{
    public const string Region = "ap-northeast-1";

    private readonly WebApplication _app;

    private WireHost(WebApplication app)
    {
        _app = app;
        Endpoint = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public static ApiCredential Root { get; } = new("AKIDROOT", "root-secret", null, "000000000000");

    public static ApiCredential Temporary { get; } = new("ASIATEMP", "temporary-secret", "the/session+token==", "111111111111");

    public Uri Endpoint { get; }

    public HttpClient Http { get; } = new();

    public TestCredentialStore Credentials => _app.Services.GetRequiredService<TestCredentialStore>();

    public static async Task<WireHost> Start(
        IEnumerable<ApiService> services,
        Action<WireOptions>? configure = null,
        Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new TestCredentialStore(Root, Temporary));
        builder.Services.AddSingleton<ICredentialStore>(provider => provider.GetRequiredService<TestCredentialStore>());
        builder.Services.AddAwsWire(options =>
        {
            foreach (var service in services)
            {
                options.Services.Add(service);
            }

            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapAwsWire();
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WireHost(app);
    }

    public AwsJsonClient Client(ApiCredential? credential = null) => new(Http, Endpoint, credential ?? Root, Region, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    public static ApiHandler Answer(JsonObject output) => (_, _) => Task.FromResult((JsonObject)output.DeepClone());
}
