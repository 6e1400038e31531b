using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Tests.Support;

internal static class Routes
{
    public const string Host = "web.sanbashi.localhost";

    public static string IdOf(string host) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(host)))[..32];

    public static ServiceRoute To(params Backend[] backends) => new()
    {
        ServiceId = IdOf(Host),
        ServiceName = "web",
        ServiceArn = "arn:aws:apprunner:local-1:000000000000:service/web/" + IdOf(Host),
        Hosts = [Host],
        Availability = RouteAvailability.Serving,
        Instances = [.. backends.Select(backend => backend.AsInstance())],
        Draining = [],
        Limits = new RouteLimits(),
    };

    public static ServiceRoute At(this ServiceRoute route, string host) => route with { ServiceId = IdOf(host), ServiceName = host.Split('.')[0], Hosts = [host] };

    /// <summary>The same with a canary, revision 2, beside it.</summary>
    public static ServiceRoute Beside(this ServiceRoute route, int percent, params Backend[] canaries) => route with
    {
        Canary = new RouteCanary
        {
            Revision = 2,
            Beside = 1,
            Percent = percent,
            Availability = RouteAvailability.Serving,
            Instances = [.. canaries.Select(backend => backend.AsInstance(revision: 2))],
            MaxConcurrency = 100,
            Protocol = InstanceProtocol.Http1,
        },
    };

    public static ServiceRoute With(this ServiceRoute route, Func<RouteLimits, RouteLimits> change) => route with { Limits = change(route.Limits) };
}
