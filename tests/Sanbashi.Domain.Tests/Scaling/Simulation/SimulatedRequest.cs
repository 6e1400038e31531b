namespace Sanbashi.Domain.Tests.Scaling.Simulation;

/// <param name="Arrival">Since the beginning of the shape.</param>
/// <param name="Work">How long an instance works on it.</param>
internal sealed record SimulatedRequest(TimeSpan Arrival, TimeSpan Work);
