using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Routing;

/// <summary>A service at one moment, as the request path reads it.</summary>
/// <param name="Route">As the control plane published it.</param>
/// <param name="Instances">Those that take new requests: listed and not ejected.</param>
/// <param name="TimestampFrequency">Ticks per second of the clock that the time limits are wanted in.</param>
internal sealed record ServiceView(ServiceRoute Route, Instance[] Instances, long TimestampFrequency)
{
    public RouteLimits Limits { get; } = Route.Limits;

    public int MaxConcurrency { get; } = Math.Max(1, Route.Limits.MaxConcurrency);

    /// <summary>Null where clients do not stay with an instance.</summary>
    public string? StickyCookieName { get; } = Route.Stickiness == RouteStickiness.Cookie ? StickyCookie.NameOf(Route.ServiceId) : null;

    /// <summary>Longest wait for capacity. The request's whole time is a bound too: past it, waiting was what took it.</summary>
    public TimeSpan QueueTimeout { get; } = Route.Limits.QueueTimeout < Route.Limits.RequestTimeout ? Route.Limits.QueueTimeout : Route.Limits.RequestTimeout;

    /// <summary><see cref="RouteLimits.RequestTimeout"/> in the clock's ticks.</summary>
    public long RequestTime { get; } = ToTicks(Route.Limits.RequestTimeout, TimestampFrequency);

    /// <summary><see cref="RouteLimits.IdleTimeout"/> in the clock's ticks.</summary>
    public long LongestSilence { get; } = ToTicks(Route.Limits.IdleTimeout, TimestampFrequency);

    /// <summary>Whether a request without capacity may wait: instances are listed, even if all of them are ejected at the moment, or one will be woken.</summary>
    public bool MayWait { get; } = Route.Availability == RouteAvailability.Asleep || Route.Availability == RouteAvailability.Serving && Route.Instances.Count > 0;

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
