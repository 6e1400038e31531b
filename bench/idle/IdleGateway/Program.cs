// A gateway with as many routes as it is told, which says on each line of its input how much it keeps: live bytes of the managed heap after a full
// collection. Arguments: http port, https port, origin port, certificate, key, working folder, number of services.
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway;
using Sanbashi.Gateway.Certificates;
using Sanbashi.Gateway.Hosting;

var numbers = args.Take(3).Append(args[6]).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
var folder = args[5];
var snapshot = Path.Combine(folder, "routes.json");
await WriteRoutes(numbers[3]);
using var stop = new CancellationTokenSource();
var serving = GatewayHost.Run(
    new GatewayOptions
    {
        Listeners =
        [
            GatewayListener.Bind(ListenerKind.Http, new IPEndPoint(IPAddress.Loopback, numbers[0])),
            GatewayListener.Bind(ListenerKind.Https, new IPEndPoint(IPAddress.Loopback, numbers[1])),
        ],
        SnapshotPath = snapshot,
        LogFolder = Path.Combine(folder, "logs"),
        Certificates = [new CertificateFiles(args[3], args[4])],
    },
    NullLoggerFactory.Instance,
    stop.Token);
while (Console.ReadLine() is not null)
{
    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    GC.WaitForPendingFinalizers();
    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    Console.WriteLine(GC.GetTotalMemory(forceFullCollection: false).ToString(CultureInfo.InvariantCulture));
}

await stop.CancelAsync();
await serving;

async Task WriteRoutes(int services)
{
    var routes = Enumerable.Range(0, services).Select(number => new ServiceRoute
    {
        ServiceId = number.ToString("x32", CultureInfo.InvariantCulture),
        ServiceName = $"s{number}",
        ServiceArn = $"arn:aws:apprunner:local-1:000000000000:service/s{number}/{number:x32}",
        Hosts = [$"s{number}.bench.localhost"],
        Availability = RouteAvailability.Serving,
        Instances = [new RouteInstance(number.ToString("x32", CultureInfo.InvariantCulture), 1, $"127.0.0.1:{numbers[2]}")],
        Draining = [],
        Limits = new RouteLimits { MaxConcurrency = 1000 },
    });
    await File.WriteAllBytesAsync(snapshot, JsonSerializer.SerializeToUtf8Bytes(new RoutingSnapshot(1, 1, [.. routes]), RoutingJsonContext.Default.RoutingSnapshot));
}
