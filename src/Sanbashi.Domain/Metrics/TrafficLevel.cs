namespace Sanbashi.Domain.Metrics;

/// <summary>How much goes on at one moment.</summary>
/// <param name="InFlight">Requests on instances.</param>
/// <param name="Waiting">Requests that wait for capacity.</param>
public readonly record struct TrafficLevel(int InFlight, int Waiting)
{
    public TrafficLevel Plus(int inFlight, int waiting) => new(InFlight + inFlight, Waiting + waiting);
}
