namespace Sanbashi.Domain.Networks;

/// <summary>The networks that are to be, and what may go on in them. What is attached to them is the engine's to know.</summary>
public sealed record NetworkDesign(IReadOnlyList<VpcDesign> Vpcs)
{
    public static NetworkDesign Empty { get; } = new([]);
}
