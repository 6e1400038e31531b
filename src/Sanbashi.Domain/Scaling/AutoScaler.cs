namespace Sanbashi.Domain.Scaling;

/// <summary>
/// Decides how many instances of a revision shall exist and how many of them shall be awake. Pure: no clock, no state. Out at once for everything that is
/// open or waits, in when a whole window has not needed an instance and the load cannot come back faster than instances start. In this order:
/// <list type="number">
/// <item>what is open now needs, at least the minimum, and of what is there as much as <see cref="Kept"/> says; or what the instances use needs, if that is more;</item>
/// <item>nothing is taken away while the window is not known in full;</item>
/// <item>to zero after the idle period, from zero with one instance first;</item>
/// <item>of these, awake are as many as requests were open at once within the idle period.</item>
/// </list>
/// </summary>
public static class AutoScaler
{
    /// <param name="present">Instances of the revision that can be used, frozen ones and those being started included.</param>
    /// <param name="awake">How many of them are not frozen.</param>
    /// <param name="proven">How many of them are healthy or were when they were frozen.</param>
    /// <param name="idleSince">Since when none of them has had a request, an exec session or the time it needs after its start; null while one has.</param>
    /// <param name="usage">What the awake ones use.</param>
    public static ScaleDecision Decide(ScalingPolicy policy, ServiceDemand demand, InstanceUsage usage, int present, int awake, int proven, DateTimeOffset? idleSince, DateTimeOffset now)
    {
        DateTimeOffset? wakeAt = null;

        // 1
        var kept = policy.Needed(Kept(policy, demand, now, ref wakeAt));
        var wanted = Math.Max(Math.Max(policy.MinSize, policy.Needed(demand.Open)), Math.Min(present, kept));

        var byUsage = Math.Max(UsageRule.Needed(policy.ScaleOn, usage, now), Math.Min(present, UsageRule.Kept(policy.ScaleOn, usage, now - policy.ScaleInAfter)));
        Remember(ref wakeAt, UsageRule.FallsAt(policy.ScaleOn, usage, now, policy.ScaleInAfter));
        var isByUsage = byUsage > wanted;
        wanted = Math.Max(wanted, byUsage);

        // 2
        if (!IsKnown(demand, policy.ScaleInAfter, now, ref wakeAt))
        {
            wanted = Math.Max(wanted, Math.Min(present, policy.MaxSize));
        }

        // 3
        if (policy.MinSize == 0 && wanted <= 1)
        {
            wanted = demand.Open > 0 || present > 0 && !IsIdle(idleSince, policy.IdlePeriod, now, ref wakeAt) ? 1 : 0;
        }

        if (policy.MinSize == 0 && proven == 0)
        {
            wanted = Math.Min(wanted, 1);
        }

        wanted = Math.Min(wanted, policy.MaxSize);

        // 4
        var provisioned = Math.Max(wanted, Math.Min(policy.Prepared, policy.MaxSize));
        if (!policy.MayFreeze)
        {
            return new ScaleDecision(provisioned, provisioned, wakeAt, IsByUsage: isByUsage);
        }

        var busiest = demand.PeakSince(now - policy.IdlePeriod);
        var active = Math.Max(policy.MinActive, isByUsage && busiest > 0 ? Math.Max(byUsage, busiest) : busiest);
        Remember(ref wakeAt, demand.FallsAt(now, policy.IdlePeriod));
        if (!IsKnown(demand, policy.IdlePeriod, now, ref wakeAt))
        {
            active = Math.Max(active, awake);
        }

        return new ScaleDecision(provisioned, Math.Min(active, provisioned), wakeAt, IsByUsage: isByUsage);
    }

    /// <summary>
    /// The load that instances are kept for: what the last moments had, with the steepest burst of the window on top of it, which may come again at any time; and what
    /// was before, fading away until the window's end. Never more than the window's highest load. So a burst keeps its instances for the whole window, and a load that
    /// rises and falls slowly gives them back as it falls.
    /// </summary>
    private static int Kept(ScalingPolicy policy, ServiceDemand demand, DateTimeOffset now, ref DateTimeOffset? wakeAt)
    {
        var (hold, window) = (ScalingDefaults.PeakHold, policy.ScaleInAfter);
        var highest = demand.PeakSince(now - window);
        Remember(ref wakeAt, demand.FallsAt(now, window));
        if (policy.StartsSlowly || window <= hold)
        {
            return highest;
        }

        var again = demand.PeakSince(now - hold) + demand.BurstSince(now - window);
        Remember(ref wakeAt, demand.FallsAt(now, hold));
        Remember(ref wakeAt, demand.BurstFallsAt(now, window));
        var fading = demand.Fading(now, hold, window);
        Remember(ref wakeAt, demand.FadesTo((policy.Needed(fading) - 1) * policy.MaxConcurrency, now, hold, window));
        return Math.Min(highest, Math.Max(again, fading));
    }

    private static bool IsKnown(ServiceDemand demand, TimeSpan window, DateTimeOffset now, ref DateTimeOffset? wakeAt)
    {
        if (demand.KnownSince is not { } since)
        {
            return false;
        }

        Remember(ref wakeAt, since + window > now ? since + window : null);
        return since + window <= now;
    }

    private static bool IsIdle(DateTimeOffset? idleSince, TimeSpan period, DateTimeOffset now, ref DateTimeOffset? wakeAt)
    {
        if (idleSince is not { } since)
        {
            return false;
        }

        Remember(ref wakeAt, since + period > now ? since + period : null);
        return since + period <= now;
    }

    private static void Remember(ref DateTimeOffset? wakeAt, DateTimeOffset? moment)
    {
        if (moment is not null && (wakeAt is null || moment < wakeAt))
        {
            wakeAt = moment;
        }
    }
}
