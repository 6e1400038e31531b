using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.Routing;

/// <summary>A service at one moment, as the request path reads it.</summary>
/// <param name="Route">As the control plane published it.</param>
/// <param name="Instances">Those of the serving revision that take new requests: listed and not ejected.</param>
/// <param name="Canary">Null for none.</param>
/// <param name="TimestampFrequency">Ticks per second of the clock that the time limits are wanted in.</param>
internal sealed record ServiceView(ServiceRoute Route, Instance[] Instances, CanaryView? Canary, long TimestampFrequency)
{
    public RouteLimits Limits { get; } = Route.Limits;

    /// <summary>Of each instance of the serving revision.</summary>
    public InstanceRoom Room { get; } = new(Math.Max(1, Route.Limits.MaxConcurrency), Route.Limits.MaxStreams);

    /// <summary>Null where clients do not stay with an instance.</summary>
    public string? StickyCookieName { get; } = Route.Stickiness == RouteStickiness.Cookie ? StickyCookie.NameOf(Route.ServiceId) : null;

    /// <summary>Longest wait for capacity. The request's whole time is a bound too: past it, waiting was what took it.</summary>
    public TimeSpan QueueTimeout { get; } = Route.Limits.QueueTimeout < Route.Limits.RequestTimeout ? Route.Limits.QueueTimeout : Route.Limits.RequestTimeout;

    /// <summary><see cref="RouteLimits.RequestTimeout"/> in the clock's ticks.</summary>
    public long RequestTime { get; } = ToTicks(Route.Limits.RequestTimeout, TimestampFrequency);

    /// <summary><see cref="RouteLimits.IdleTimeout"/> in the clock's ticks.</summary>
    public long LongestSilence { get; } = ToTicks(Route.Limits.IdleTimeout, TimestampFrequency);

    /// <summary>Whether a request without capacity may wait: instances are listed, even if all of them are ejected at the moment, or one will be woken.</summary>
    public bool MayWait { get; } =
        Route.Availability == RouteAvailability.Asleep
        || Route.Availability == RouteAvailability.Serving && Route.Instances.Count > 0
        || Canary is { MayTake: true };

    /// <summary>Instances that take new requests.</summary>
    public int InstanceCount => Instances.Length + (Canary?.Instances.Length ?? 0);

    /// <summary>Whether some requests would wake something.</summary>
    public bool HasSleepers => Route.Availability == RouteAvailability.Asleep || Canary is { IsAsleep: true };

    /// <summary>Whether the canary gets the request: it is one of its share, or nothing else can take it.</summary>
    public bool GoesToCanary(Exchange exchange)
    {
        if (Canary is not { } canary)
        {
            return false;
        }

        var (isWanted, isAwake) = (exchange.WantsCanary, canary.Instances.Length > 0);
        if (exchange.AvoidsWaking)
        {
            return isAwake && (isWanted || Instances.Length == 0);
        }

        return isWanted ? canary.MayTake : isAwake && Instances.Length == 0 && Route.Availability != RouteAvailability.Asleep;
    }

    /// <summary>Whether a request to this path (without query) leaves the service asleep.</summary>
    public bool IsNoWake(ReadOnlySpan<char> path)
    {
        foreach (var listed in Route.NoWakePaths)
        {
            if (listed.EndsWith('*') ? path.StartsWith(listed.AsSpan(0, listed.Length - 1), StringComparison.Ordinal) : path.Equals(listed, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Bounded, so that it can be added to any moment.</summary>
    private static long ToTicks(TimeSpan time, long frequency) => (long)Math.Min(time.TotalSeconds * frequency, long.MaxValue / 4);
}
