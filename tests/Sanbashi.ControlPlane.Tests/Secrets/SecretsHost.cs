using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Secrets;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.ControlPlane.Tests.Identity;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Secrets;

/// <summary>Secrets behind the real wire, over a store in memory. Tests keep apart by region.</summary>
public sealed class SecretsHost : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private WebApplication _app = null!;
    private int _regions;

    public Uri Endpoint { get; private set; } = null!;

    internal InMemoryDocumentStore Store { get; } = new();

    internal ManualTime Time { get; } = new();

    internal SecretCapability Secrets { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("sanbashi-secrets-").FullName;

    public async ValueTask InitializeAsync()
    {
        await Store.AcquireLease("tests", _ => { }, CancellationToken.None);
        Secrets = SecretCapability.Create(
            Store, new ControlPlaneOptions { StateDirectory = Folder, Version = "0.0.0-test" }, TestIdentities.Over(Store, Time), new RandomIdGenerator(), Time, NullLoggerFactory.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<ICredentialStore>(new RootOnly());
        builder.Services.AddAwsWire(options =>
        {
            foreach (var service in Secrets.Services)
            {
                options.Services.Add(service);
            }
        });
        _app = builder.Build();
        _app.MapAwsWire();
        await _app.StartAsync();
        Endpoint = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    internal SecretsClient NewRegion() => new(Endpoint, _http, $"test-{Interlocked.Increment(ref _regions)}");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private sealed class RootOnly : ICredentialStore
    {
        public ValueTask<ApiCredential?> Find(string accessKeyId, string? sessionToken, CancellationToken cancellationToken) =>
            ValueTask.FromResult(accessKeyId == ApiHost.Root.AccessKeyId ? ApiHost.Root : null);
    }
}
