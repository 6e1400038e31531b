namespace Sanbashi.Domain.Networks;

/// <summary>A door in a VPC to the platform's gateway.</summary>
/// <param name="SubnetIds">What blocks of the plan it counts to.</param>
/// <param name="GroupIds">Whose ingress rules say who may come.</param>
public sealed record EndpointDesign(IReadOnlyList<string> SubnetIds, IReadOnlyList<string> GroupIds);
