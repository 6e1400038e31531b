namespace Sanbashi.Acceptance.Tests.Resilience;

/// <summary>Tests under load run one after another, when nothing else does: they are about failures, not about a starved machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SerialTests
{
    public const string Name = "under load";
}
