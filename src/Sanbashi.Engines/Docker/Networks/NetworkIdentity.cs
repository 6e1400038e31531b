namespace Sanbashi.Engines.Docker.Networks;

/// <summary>Which engine network it is.</summary>
/// <param name="VpcId">Null: the installation's own, in which nobody reaches anybody. In those of VPCs the packet filter decides, and the engine lets everything through.</param>
internal sealed record NetworkIdentity(string Name, string Bridge, string? VpcId)
{
    public static NetworkIdentity Own(Installation installation) => new(installation.Network, installation.Bridge, null);

    public static NetworkIdentity Vpc(Installation installation, string vpcId) => new(installation.VpcNetwork(vpcId), Installation.VpcBridge(vpcId), vpcId);
}
