namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <param name="Violation">Null when all invariants held.</param>
/// <param name="Trace">Empty unless it was asked for.</param>
internal sealed record SimulationResult(int Seed, string? Violation, long Fingerprint, long Steps, string Trace);
