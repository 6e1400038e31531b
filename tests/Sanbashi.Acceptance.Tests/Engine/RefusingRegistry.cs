using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sanbashi.Acceptance.Tests.Engine;

/// <summary>A registry on loopback that has nothing: <c>denied/...</c> is refused, everything else unknown.</summary>
internal sealed class RefusingRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RefusingRegistry(WebApplication app) => _app = app;

    /// <summary><c>127.0.0.1:port</c></summary>
    public string Address => new Uri(_app.Urls.Single()).Authority;

    public static async Task<RefusingRegistry> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(Answer);
        await app.StartAsync();
        return new RefusingRegistry(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static Task Answer(HttpContext context)
    {
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        context.Response.ContentType = "application/json";
        var path = context.Request.Path.Value!;
        if (path is "/v2" or "/v2/")
        {
            return context.Response.WriteAsync("{}");
        }

        var isDenied = path.StartsWith("/v2/denied/", StringComparison.Ordinal);
        context.Response.StatusCode = isDenied ? 403 : 404;
        return context.Response.WriteAsync(isDenied
            ? """{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}"""
            : """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""");
    }
}
