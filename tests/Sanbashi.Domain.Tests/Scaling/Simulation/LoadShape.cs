namespace Sanbashi.Domain.Tests.Scaling.Simulation;

/// <summary>A course of requests that every rule gets in the same way.</summary>
/// <param name="MinSize">0: the service may go to zero.</param>
/// <param name="CountedFrom">What was before is there to settle and does not count.</param>
internal sealed record LoadShape(string Name, string Course, IReadOnlyList<SimulatedRequest> Requests, TimeSpan Length, TimeSpan CountedFrom, int MinSize)
{
    public override string ToString() => Name;
}
