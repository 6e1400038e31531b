using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Hosting;

/// <summary>A listener that answers the API: the one on :4600, and that of instances.</summary>
internal static class ApiHost
{
    /// <summary>An image build uploads its context through this listener, so bodies have no limit of Kestrel's; the wire has its own.</summary>
    private const long MaxHeaderBytes = 64 * 1024;

    /// <summary>On the sockets that were inherited, else on the addresses given.</summary>
    public static Action<IWebHostBuilder> Listen(ControlPlaneOptions options) => host => host.ConfigureKestrel(kestrel =>
    {
        foreach (var handle in options.ApiListenHandles)
        {
            kestrel.ListenHandle(handle);
        }

        foreach (var endpoint in options.ApiListenHandles.Count == 0 ? options.ApiListen : [])
        {
            kestrel.Listen(IPEndPoint.Parse(endpoint));
        }
    });

    /// <param name="map">What is answered besides the API.</param>
    public static WebApplication Build(ApiHostParts parts, Action<IWebHostBuilder> listen, Action<WebApplication> map)
    {
        // Nothing is configured by files, and watching for them takes an inotify instance, of which a user has few.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        ConsoleLogging.Configure(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeadersTotalSize = (int)MaxHeaderBytes;
        });
        listen(builder.WebHost);
        builder.Services.AddSingleton(parts.Identity.Credentials);
        builder.Services.AddSingleton(parts.Identity.Authorizer);
        builder.Services.AddAwsWire(wire =>
        {
            wire.TimeProvider = parts.Time;
            wire.AllowedHosts.Add($"*.{parts.Options.Domain}");
            wire.AllowedHosts.Add(parts.Options.Domain);
            foreach (var service in parts.Services)
            {
                wire.Services.Add(service);
            }
        });
        var app = builder.Build();
        app.UseHostGuard();
        app.UseWebSockets();
        app.MapAwsWire();
        map(app);
        return app;
    }
}
