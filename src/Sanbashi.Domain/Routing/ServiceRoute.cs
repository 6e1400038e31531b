namespace Sanbashi.Domain.Routing;

/// <summary>
/// Everything the gateway must know of one service: who it is, which instances may receive new requests,
/// which ones only finish what they have. Immutable; a change is a whole new route.
/// </summary>
public sealed record ServiceRoute
{
    /// <summary>32 hex digits.</summary>
    public required string ServiceId { get; init; }

    public required string ServiceName { get; init; }

    public required string ServiceArn { get; init; }

    /// <summary>Lower-case host names without port that lead to this service.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Parts of further hosts, which other services may have other parts of. Of all that fit a request, the one with the longest path counts.</summary>
    public IReadOnlyList<RouteRule> Rules { get; init; } = [];

    public required RouteAvailability Availability { get; init; }

    /// <summary>Instances of the serving revision that take new requests. Empty while <see cref="Availability"/> is not <see cref="RouteAvailability.Serving"/>.</summary>
    public required IReadOnlyList<RouteInstance> Instances { get; init; }

    /// <summary>A new revision that takes a part of the requests; null for none.</summary>
    public RouteCanary? Canary { get; init; }

    /// <summary>Instances that take no new requests and finish those they have.</summary>
    public required IReadOnlyList<DrainingInstance> Draining { get; init; }

    /// <summary>Instances that take no new requests for now, and finish those they have in their own time: they are about to be frozen, or are.</summary>
    public IReadOnlyList<RouteInstance> Resting { get; init; } = [];

    /// <summary>Paths, or beginnings of paths with a star at the end, whose requests wake nothing.</summary>
    public IReadOnlyList<string> NoWakePaths { get; init; } = [];

    public required RouteLimits Limits { get; init; }

    /// <summary>Who may call, and how often.</summary>
    public RouteAccess Access { get; init; } = RouteAccess.Open;

    public RouteStickiness Stickiness { get; init; } = RouteStickiness.None;

    /// <summary>Whether new requests go to the instance.</summary>
    public bool SendsTo(string instanceId) => Contains(Instances, instanceId) || Canary is not null && Contains(Canary.Instances, instanceId);

    private static bool Contains(IReadOnlyList<RouteInstance> instances, string instanceId)
    {
        foreach (var listed in instances)
        {
            if (listed.InstanceId == instanceId)
            {
                return true;
            }
        }

        return false;
    }
}

/// <param name="Host">In lower case, without port.</param>
/// <param name="Path"><c>/</c>, or a path without a slash at its end; it fits itself and what follows it after a slash.</param>
public sealed record RouteRule(string Host, string Path);

public enum RouteAvailability
{
    /// <summary>Requests are forwarded to the listed instances; with none listed the answer is 503.</summary>
    Serving,

    /// <summary>No instance is awake: requests wait until one is, and the control plane is told of them.</summary>
    Asleep,

    /// <summary>The service is paused: 503 that says so.</summary>
    Paused,

    /// <summary>The service has never been deployed successfully or has no healthy instance: 503 that says so.</summary>
    Unavailable,
}

/// <param name="InstanceId">32 hex digits.</param>
/// <param name="Revision">The revision the instance runs.</param>
/// <param name="Address">Reachable endpoint, <c>host:port</c>.</param>
public sealed record RouteInstance(string InstanceId, int Revision, string Address);

/// <param name="Until">When the gateway ends what is still open: WebSockets get close code 1001, event streams end.</param>
public sealed record DrainingInstance(string InstanceId, int Revision, string Address, DateTimeOffset Until);

/// <summary>Limits of one service at the gateway. Defaults are those of App Runner where it has one.</summary>
public sealed record RouteLimits
{
    /// <summary>Requests in flight per instance; 1-200, App Runner's default is 100.</summary>
    public int MaxConcurrency { get; init; } = 100;

    /// <summary>
    /// WebSockets and event streams per instance, which then do not count as requests in flight; null: they count as requests.
    /// </summary>
    public int? MaxStreams { get; init; }

    /// <summary>From the first byte of the request to the last byte of the answer. App Runner's is 120 s. Upgraded connections, gRPC and event streams only have <see cref="IdleTimeout"/>.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Longest silence in both directions on an upgraded connection, gRPC call or event stream.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Requests that may wait for capacity before 429 is answered.</summary>
    public int QueueLength { get; init; } = 1000;

    /// <summary>How long a request may wait for capacity before 429 is answered.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the instance speaks.</summary>
    public InstanceProtocol Protocol { get; init; } = InstanceProtocol.Http1;
}

public enum InstanceProtocol
{
    Http1,

    /// <summary>HTTP/2 with prior knowledge, no TLS.</summary>
    Http2,

    /// <summary>As <see cref="Http2"/>, and every call counts as a stream (idle time-out only).</summary>
    Grpc,
}

/// <summary>All routes at one moment; what the gateway keeps on disk.</summary>
/// <param name="Format">Version of this layout, 1.</param>
/// <param name="Sequence">Grows with every change the control plane publishes.</param>
public sealed record RoutingSnapshot(int Format, long Sequence, IReadOnlyList<ServiceRoute> Routes)
{
    public const int CurrentFormat = 1;

    public static RoutingSnapshot Empty { get; } = new(CurrentFormat, 0, []);
}
