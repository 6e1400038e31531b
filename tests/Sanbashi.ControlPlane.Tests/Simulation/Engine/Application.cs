namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>What the program in an image does once it is started, decided when it starts. Moments are those of the world's clock.</summary>
internal sealed record Application
{
    /// <summary>Null: never.</summary>
    public TimeSpan? ListensFrom { get; init; }

    /// <summary>Null: only when asked to.</summary>
    public TimeSpan? EndsAt { get; init; }

    public int ExitCode { get; init; }

    public bool OutOfMemory { get; init; }

    /// <summary>From when on it answers badly, until when.</summary>
    public (TimeSpan From, TimeSpan Until)? Sickness { get; init; }

    public IReadOnlyList<int> OtherPorts { get; init; } = [];

    /// <summary>From SIGTERM to its end.</summary>
    public TimeSpan TermTime { get; init; }

    public bool Listens(TimeSpan now) => ListensFrom <= now;

    public bool IsWell(TimeSpan now) => Listens(now) && !(Sickness is { } sickness && sickness.From <= now && now < sickness.Until);

    /// <summary>It has been, or will be, unwell by its own doing.</summary>
    public bool IsFrail => Sickness is not null || EndsAt is not null;

    public static Application Start(World world, string imageId)
    {
        var kind = Images.Kind(imageId);
        var now = world.Now;
        var well = new Application
        {
            ListensFrom = now + world.Skewed(1, 3000),
            TermTime = world.Chance(0.1) ? TimeSpan.FromHours(1) : world.Skewed(1, 5000),
        };
        var isStable = world.Faults.HaveEnded;
        return kind switch
        {
            ImageKind.Slow when !isStable => well with { ListensFrom = now + world.Between(20_000, 200_000) },
            ImageKind.Crashing => well with { ListensFrom = null, EndsAt = now + world.Skewed(1, 5000), ExitCode = 1 },
            ImageKind.FailingTwice when !isStable && world.Chance(0.5) => well with { ListensFrom = null, EndsAt = now + world.Skewed(1, 5000), ExitCode = 1 },
            ImageKind.Silent => well with { ListensFrom = null },
            ImageKind.OtherPort => well with { ListensFrom = null, OtherPorts = [3000] },
            ImageKind.Bad => well with { Sickness = (TimeSpan.Zero, TimeSpan.MaxValue) },
            ImageKind.Sick when !isStable => well with { Sickness = Later(world, now, 2_000, 120_000) },
            ImageKind.Fragile when !isStable => well with { EndsAt = now + world.Skewed(10, 200_000), ExitCode = 1, OutOfMemory = world.Chance(0.3) },
            _ => well,
        };
    }

    private static (TimeSpan From, TimeSpan Until) Later(World world, TimeSpan now, double minimum, double maximum)
    {
        var from = now + world.Between(minimum, maximum);
        return (from, from + world.Between(1_000, 300_000));
    }
}
