using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Tests.Simulation;

internal enum Standing
{
    Serving,
    Ejected,
    Draining,

    /// <summary>Not listed any more; finishes what it has.</summary>
    Gone,
}

/// <summary>An instance as one gateway sees it.</summary>
internal sealed class GatewayInstance(string id, string address)
{
    public string Id => id;

    public string Address => address;

    public Standing Standing { get; set; } = Standing.Gone;

    public TimeSpan? DrainsUntil { get; set; }

    public HashSet<object> Open { get; } = [];

    /// <summary>It has had a request since the last report.</summary>
    public bool WasUsed { get; set; }
}

/// <summary>A service as one gateway serves it.</summary>
internal sealed class GatewayService
{
    public required ServiceRoute Route { get; set; }

    public Dictionary<string, GatewayInstance> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>Requests that wait until an instance is awake.</summary>
    public int Waiting { get; set; }

    /// <summary>The most that were open and waiting together since the last report.</summary>
    public int Highest { get; set; }

    public int Open => Instances.Values.Sum(instance => instance.Open.Count);

    public IEnumerable<GatewayInstance> Serving => Instances.Values.Where(instance => instance.Standing == Standing.Serving);
}
