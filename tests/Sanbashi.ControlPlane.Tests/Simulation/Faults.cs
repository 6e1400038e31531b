namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>What goes wrong in a world, and how often; drawn from the seed. Some seeds have one kind of fault, some all of them, some none.</summary>
internal sealed class Faults(World world)
{
    public static readonly TimeSpan LongestAbsence = TimeSpan.FromMinutes(15);

    private readonly double _silence = world.Chance(0.4) ? 0.03 : 0;
    private readonly double _refusal = world.Chance(0.3) ? 0.03 : 0;
    private readonly bool _areEventsLate = world.Chance(0.4);
    private readonly double _duplication = world.Chance(0.3) ? 0.2 : 0;
    private readonly double _kill = world.Chance(0.7) ? world.Pick([0.0005, 0.003, 0.02]) : 0;
    private int _kills = world.Number(1, 8);

    /// <summary>From here on nothing goes wrong any more.</summary>
    public bool HaveEnded { get; set; }

    public bool HasEngineRestarts { get; } = world.Chance(0.3);

    public bool HasBrokenStreams { get; } = world.Chance(0.3);

    public bool HasDeaths { get; } = world.Chance(0.4);

    public bool HasGatewayCrashes { get; } = world.Chance(0.3);

    public bool HasBrokenLinks { get; } = world.Chance(0.3);

    public bool HasSlowGateways { get; } = world.Chance(0.3);

    public bool HasFailingProbes { get; } = world.Chance(0.3);

    public bool CanFreeze { get; } = world.Chance(0.85);

    public EngineFault OfEngineCall(string call)
    {
        if (HaveEnded)
        {
            return EngineFault.None;
        }

        if (world.Chance(_silence))
        {
            return world.Chance(0.5) ? EngineFault.RequestLost : EngineFault.AnswerLost;
        }

        // Looking is not refused.
        return call is not ("inspect" or "list" or "list holds" or "inspect image") && world.Chance(_refusal) ? EngineFault.Refused : EngineFault.None;
    }

    public TimeSpan EventDelay() => _areEventsLate && !HaveEnded ? world.Skewed(0.5, 3000) : world.Skewed(0.5, 20);

    public bool DuplicatesEvent() => !HaveEnded && world.Chance(_duplication);

    /// <summary>Whether the control plane dies after the step it has just made.</summary>
    public bool KillsControlPlane()
    {
        if (HaveEnded || _kills == 0 || !world.Chance(_kill))
        {
            return false;
        }

        _kills--;
        return true;
    }

    /// <summary>Until the next control plane starts: mostly the second that a supervisor takes, now and then long.</summary>
    public TimeSpan Absence() => world.Chance(0.1) ? world.Between(1_000, LongestAbsence.TotalMilliseconds) : world.Between(200, 2000);

    public TimeSpan LinkDelay() => HasSlowGateways && !HaveEnded ? world.Skewed(0.1, 1500) : world.Skewed(0.1, 10);
}
