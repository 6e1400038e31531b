namespace Sanbashi.Domain.Networks;

/// <summary>The network that instances are on instead of the installation's own, with what their connector says.</summary>
/// <param name="SubnetIds">Instances are spread over them.</param>
/// <param name="GroupIds">The security groups whose rules let them out.</param>
public sealed record NetworkAttachment(string VpcId, IReadOnlyList<string> SubnetIds, IReadOnlyList<string> GroupIds)
{
    /// <summary>The subnet of one instance: always the same one for the same id.</summary>
    /// <param name="instanceId">Hex digits.</param>
    public string SubnetOf(string instanceId) => SubnetIds[instanceId.Aggregate(0, (sum, digit) => (sum * 31 + digit) & int.MaxValue) % SubnetIds.Count];
}
