using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sanbashi.TestApp;

var settings = AppSettings.FromEnvironment();
Console.WriteLine($"test application {settings.Version} starting as process {Environment.ProcessId}");
if (settings.ExitAtStart is { } exitCode)
{
    Console.WriteLine("reading the configuration");
    Console.Error.WriteLine("cannot connect to the database at db.example:5432");
    Console.WriteLine($"giving up with exit code {exitCode}");
    return exitCode;
}

if (settings.AllocateAtStartMegabytes is { } megabytes)
{
    Console.WriteLine($"allocating {megabytes} MB");
    Allocations.Take(megabytes);
}

if (settings.StartDelay > TimeSpan.Zero)
{
    Thread.Sleep(settings.StartDelay);
}

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Sanbashi.TestApp" });
builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(5));
builder.Services.AddSingleton<IHostLifetime, TerminationLifetime>();
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
{
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Limits.MinRequestBodyDataRate = null;
    kestrel.Limits.MinResponseDataRate = null;
    if (!settings.NeverListens)
    {
        kestrel.Listen(IPAddress.Parse(settings.Host), settings.Port, listen =>
            listen.Protocols = settings.IsHttp2Only ? HttpProtocols.Http2 : HttpProtocols.Http1);
    }
});

if (settings.NeverListens)
{
    Console.WriteLine("running without listening");
    using var waiting = Host.CreateEmptyApplicationBuilder(null).WithTermination();
    waiting.Run();
    return 0;
}

var app = builder.Build();
app.UseWebSockets();
var endpoints = new AppEndpoints(settings, app.Lifetime);
app.Run(endpoints.Handle);
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening on {settings.Host}:{settings.Port}"));
app.Run();
Console.WriteLine("finished");
return 0;
