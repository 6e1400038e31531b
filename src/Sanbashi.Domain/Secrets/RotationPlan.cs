namespace Sanbashi.Domain.Secrets;

/// <summary>What a secret's rotation needs next.</summary>
public abstract record RotationPlan
{
    private RotationPlan()
    {
    }

    /// <summary>Nothing before this moment; null: nothing at all.</summary>
    public sealed record Wait(DateTimeOffset? Until) : RotationPlan;

    /// <summary>A rotation is due.</summary>
    public sealed record Begin : RotationPlan;

    /// <summary>The next step of the one in progress.</summary>
    public sealed record Take(RotationStep Step) : RotationPlan;
}
