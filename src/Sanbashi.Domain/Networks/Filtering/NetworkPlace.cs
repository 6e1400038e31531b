using System.Net;

namespace Sanbashi.Domain.Networks;

/// <summary>Where a VPC is on this machine.</summary>
/// <param name="Bridge">The network interface that its members are behind.</param>
/// <param name="Block">The addresses that they really have.</param>
public sealed record NetworkPlace(string VpcId, string Bridge, Ipv4Block Block)
{
    /// <summary>This machine, as members see it.</summary>
    public IPAddress Machine => Block.Gateway;
}
