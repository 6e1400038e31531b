namespace Sanbashi.Domain.Scaling;

/// <param name="Provisioned">Instances that shall exist.</param>
/// <param name="Active">How many of them shall be awake, 0 to <paramref name="Provisioned"/>.</param>
/// <param name="LackedBytes">How much more memory the machine would need to have free for what was held back; 0 if nothing was.</param>
/// <param name="WakeAt">When time alone changes the decision; null if only traffic can.</param>
/// <param name="IsByUsage">It is what the instances use, and not the requests, that needs this many.</param>
public sealed record ScaleDecision(int Provisioned, int Active, DateTimeOffset? WakeAt, long LackedBytes = 0, bool IsByUsage = false);
