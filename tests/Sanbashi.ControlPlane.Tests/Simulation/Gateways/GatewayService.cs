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

    /// <summary>The canary's.</summary>
    public bool IsCanary { get; set; }

    /// <summary>It has had a request since the last report.</summary>
    public bool WasUsed { get; set; }
}

/// <summary>A service as one gateway serves it.</summary>
internal sealed class GatewayService
{
    public required ServiceRoute Route { get; set; }

    public Dictionary<string, GatewayInstance> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>Requests that wait until an instance of the serving revision is awake.</summary>
    public int Waiting { get; set; }

    /// <summary>Requests that wait until an instance of the canary is awake.</summary>
    public int WaitingForCanary { get; set; }

    /// <summary>The most that were open and waiting together since the last report.</summary>
    public int Highest { get; set; }

    /// <summary>As <see cref="Highest"/>, of the canary.</summary>
    public int HighestOfCanary { get; set; }

    public int Open => OpenOf(isCanary: false) + OpenOf(isCanary: true);

    public IEnumerable<GatewayInstance> Serving => Instances.Values.Where(instance => instance.Standing == Standing.Serving);

    public bool IsCanaryAsleep => Route.Canary is { Availability: RouteAvailability.Asleep };

    public int OpenOf(bool isCanary) => Instances.Values.Where(instance => instance.IsCanary == isCanary).Sum(instance => instance.Open.Count);

    public ServiceLoad? LoadOf(bool isCanary)
    {
        if (Route.Canary is null)
        {
            return null;
        }

        var (open, waiting) = (OpenOf(isCanary), isCanary ? WaitingForCanary : Waiting);
        return new ServiceLoad(open, waiting, Math.Max(open + waiting, isCanary ? HighestOfCanary : Highest));
    }

    public void NoteLevel()
    {
        Highest = Math.Max(Highest, OpenOf(isCanary: false) + Waiting);
        HighestOfCanary = Math.Max(HighestOfCanary, OpenOf(isCanary: true) + WaitingForCanary);
    }
}
