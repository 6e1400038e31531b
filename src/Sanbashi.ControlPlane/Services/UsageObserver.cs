using Sanbashi.ControlPlane.Instances;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Scaling;

namespace Sanbashi.ControlPlane.Services;

/// <summary>Sums up by revision what the instances of a service use, each reading once.</summary>
internal static class UsageObserver
{
    public static Dictionary<int, InstanceUsage> Observe(UsageTargets targets, IReadOnlyList<ObservedInstance> instances, ResourceBoard board, Dictionary<int, UsageLedger> ledgers)
    {
        foreach (var revision in ledgers.Keys.Where(revision => targets.IsNone || instances.All(instance => instance.Revision != revision)).ToList())
        {
            ledgers.Remove(revision);
        }

        foreach (var revision in targets.IsNone ? [] : instances.GroupBy(instance => instance.Revision))
        {
            var samples = revision.Where(instance => instance.Phase == InstancePhase.Running).Select(instance => board.Of(instance.Id)).OfType<ResourceSample>().ToList();
            if (!ledgers.TryGetValue(revision.Key, out var ledger))
            {
                ledgers[revision.Key] = ledger = new UsageLedger();
            }

            if (samples.Count > 0 && samples.Max(sample => sample.At) is var at && (ledger.ReadAt is null || at > ledger.ReadAt))
            {
                ledger.Record(at, Percent(samples.Sum(sample => sample.CpuFraction ?? 0)), Percent(samples.Sum(sample => sample.MemoryFraction)));
            }
        }

        return ledgers.ToDictionary(pair => pair.Key, pair => pair.Value.Read());
    }

    private static int Percent(double instances) => (int)Math.Round(instances * 100);
}
