namespace Sanbashi.Domain.Scaling;

/// <summary>
/// Scaling out stops where the machine's memory ends: one service's burst must not take it from the others. What is asked for by number (MinSize) and what a
/// deployment needs is started nevertheless.
/// </summary>
public static class MachineBudget
{
    /// <param name="present">Instances that are there.</param>
    /// <param name="floor">Instances that are started whatever the machine has.</param>
    /// <param name="instanceBytes">The size of an instance.</param>
    /// <param name="freeBytes">Memory that the machine has available; null where that is not known.</param>
    public static ScaleDecision Apply(ScaleDecision decision, int present, int floor, long instanceBytes, long? freeBytes, DateTimeOffset now)
    {
        if (freeBytes is not { } free || decision.Provisioned <= present)
        {
            return decision;
        }

        var expected = Math.Max(1, Math.Min(instanceBytes, ScalingDefaults.ExpectedInstanceBytes));
        var room = Math.Max(0, free - ScalingDefaults.ReservedBytes) / expected;
        var allowed = (int)Math.Max(Math.Min(floor, decision.Provisioned), Math.Min(decision.Provisioned, present + room));
        if (allowed == decision.Provisioned)
        {
            return decision;
        }

        var again = now + ScalingDefaults.MemoryRetry;
        return decision with
        {
            Provisioned = allowed,
            Active = Math.Min(decision.Active, allowed),
            LackedBytes = ((decision.Provisioned - present) * expected) + ScalingDefaults.ReservedBytes - free,
            WakeAt = decision.WakeAt < again ? decision.WakeAt : again,
        };
    }
}
