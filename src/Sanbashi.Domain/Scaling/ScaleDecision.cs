namespace Sanbashi.Domain.Scaling;

/// <param name="Provisioned">Instances that shall exist.</param>
/// <param name="Active">How many of them shall be awake, 0 to <paramref name="Provisioned"/>.</param>
/// <param name="WakeAt">When time alone changes the decision; null if only traffic can.</param>
public sealed record ScaleDecision(int Provisioned, int Active, DateTimeOffset? WakeAt);
