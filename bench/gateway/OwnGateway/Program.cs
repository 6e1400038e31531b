// The gateway with everything it does for a service: routing among 200 services, admission, counters, access log, forwarded headers.
// Arguments: http port, https port, origin port, certificate, key, working folder.
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway;
using Sanbashi.Gateway.Certificates;
using Sanbashi.Gateway.Hosting;

const int Services = 200;
var ports = args.Take(3).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
var folder = args[5];
var routes = Enumerable.Range(0, Services).Select(number => new ServiceRoute
{
    ServiceId = number.ToString("x32", CultureInfo.InvariantCulture),
    ServiceName = $"s{number}",
    ServiceArn = $"arn:aws:apprunner:local-1:000000000000:service/s{number}/{number:x32}",
    Hosts = [$"s{number}.bench.localhost"],
    Availability = RouteAvailability.Serving,
    Instances = [new RouteInstance(number.ToString("x32", CultureInfo.InvariantCulture), 1, $"127.0.0.1:{ports[2]}")],
    Draining = [],
    Limits = new RouteLimits { MaxConcurrency = 1000 },
});
var snapshot = Path.Combine(folder, "routes.json");
await File.WriteAllBytesAsync(snapshot, JsonSerializer.SerializeToUtf8Bytes(new RoutingSnapshot(1, 1, [.. routes]), RoutingJsonContext.Default.RoutingSnapshot));

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});
await GatewayHost.Run(
    new GatewayOptions
    {
        Listeners =
        [
            GatewayListener.Bind(ListenerKind.Http, new IPEndPoint(IPAddress.Loopback, ports[0])),
            GatewayListener.Bind(ListenerKind.Https, new IPEndPoint(IPAddress.Loopback, ports[1])),
        ],
        SnapshotPath = snapshot,
        LogFolder = Path.Combine(folder, "logs"),
        Certificates = [new CertificateFiles(args[3], args[4])],
    },
    NullLoggerFactory.Instance,
    stop.Token);
