// YARP's direct forwarding in the smallest host that runs it: no routing, no metrics, no log, no added headers.
// Arguments: http port, https port, origin port, certificate, key. BARE_YARP_INLINE=1 takes the transport settings that the gateway takes.
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

var ports = args.Take(3).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
var origin = $"http://127.0.0.1:{ports[2]}";
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.Services.AddHttpForwarder();
builder.WebHost.UseKestrelHttpsConfiguration();
if (Environment.GetEnvironmentVariable("BARE_YARP_INLINE") == "1")
{
    builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
}

builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, ports[0]);
    kestrel.Listen(IPAddress.Loopback, ports[1], listen => listen.UseHttps(X509Certificate2.CreateFromPemFile(args[3], args[4])));
});
var app = builder.Build();
var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
var client = new HttpMessageInvoker(new SocketsHttpHandler
{
    UseProxy = false,
    UseCookies = false,
    AllowAutoRedirect = false,
    AutomaticDecompression = DecompressionMethods.None,
    ActivityHeadersPropagator = null,
});
var config = new ForwarderRequestConfig { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
app.Run(async context => await forwarder.SendAsync(context, origin, client, config, HttpTransformer.Empty));
await app.RunAsync();
