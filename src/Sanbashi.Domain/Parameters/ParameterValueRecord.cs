using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.Domain.Parameters;

/// <summary>The sealed value of one version; those of <c>String</c> and <c>StringList</c> are sealed too.</summary>
public sealed record ParameterValueRecord
{
    public required ResourceScope Scope { get; init; }

    public required string ParameterId { get; init; }

    public required long Version { get; init; }

    public required SealedValue Sealed { get; init; }
}
