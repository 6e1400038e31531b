namespace Sanbashi.Domain.Tests.Scaling.Simulation;

/// <param name="Excess">Instance-seconds beyond what the requests would need if none had to wait.</param>
/// <param name="Needed">Instance-seconds that they would need.</param>
/// <param name="Waited">Request-seconds that requests had to wait.</param>
/// <param name="Longest">The longest wait of one request, in seconds.</param>
/// <param name="Starts">Instances that were started.</param>
/// <param name="Lost">Instances that were taken away with requests on them.</param>
internal sealed record SimulationResult(double Excess, double Needed, double Waited, double Longest, int Starts, int Lost);
