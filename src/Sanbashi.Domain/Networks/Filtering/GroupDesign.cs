namespace Sanbashi.Domain.Networks;

/// <param name="Ingress">What members are reached by.</param>
/// <param name="Egress">What members reach.</param>
public sealed record GroupDesign(string Id, IReadOnlyList<SecurityGroupPermission> Ingress, IReadOnlyList<SecurityGroupPermission> Egress);
