using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Tests.Support;

/// <summary>An instance: a small server that answers as a test says and remembers what it was asked.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Backend(WebApplication app, string id)
    {
        _app = app;
        Id = id;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;
    }

    public string Id { get; }

    public string Address { get; }

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public static async Task<Backend> Start(RequestDelegate answer, HttpProtocols protocols = HttpProtocols.Http1, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = protocols);
        });
        var app = builder.Build();
        Backend? backend = null;
        app.UseWebSockets();
        app.Run(async context =>
        {
            backend!.Seen.Enqueue(SeenRequest.Of(context));
            await answer(context);
        });
        await app.StartAsync();
        backend = new Backend(app, Guid.NewGuid().ToString("N"));
        return backend;
    }

    public static Task<Backend> Start(string text) => Start(context => context.Response.WriteAsync(text));

    public RouteInstance AsInstance(int revision = 1) => new(Id, revision, Address);

    public DrainingInstance AsDraining(DateTimeOffset until, int revision = 1) => new(Id, revision, Address, until);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}

internal sealed record SeenRequest(string Method, string RawTarget, string Protocol, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string name] => Headers.GetValueOrDefault(name);

    public static SeenRequest Of(HttpContext context) => new(
        context.Request.Method,
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget,
        context.Request.Protocol,
        context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase));
}
