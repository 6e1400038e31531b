using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Identity;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Hosting;

/// <summary>The listener on :4600.</summary>
internal static class ApiHost
{
    /// <summary>An image build uploads its context through this listener, so bodies have no limit of Kestrel's; the wire has its own.</summary>
    private const long MaxHeaderBytes = 64 * 1024;

    public static WebApplication Build(
        ControlPlaneOptions options, IReadOnlyList<ApiService> services, IdentityCapability identity, TimeProvider time, Action<WebApplication> map)
    {
        // Nothing is configured by files, and watching for them takes an inotify instance, of which a user has few.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        ConsoleLogging.Configure(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeadersTotalSize = (int)MaxHeaderBytes;
            foreach (var handle in options.ApiListenHandles)
            {
                kestrel.ListenHandle(handle);
            }

            foreach (var endpoint in options.ApiListenHandles.Count == 0 ? options.ApiListen : [])
            {
                kestrel.Listen(IPEndPoint.Parse(endpoint));
            }
        });
        builder.Services.AddSingleton(identity.Credentials);
        builder.Services.AddSingleton(identity.Authorizer);
        builder.Services.AddAwsWire(wire =>
        {
            wire.TimeProvider = time;
            wire.AllowedHosts.Add($"*.{options.Domain}");
            wire.AllowedHosts.Add(options.Domain);
            foreach (var service in services)
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
