namespace Sanbashi.Domain.Networks;

/// <summary>Traffic that a rule allows, in normal form: two that allow the same are equal.</summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, <c>icmp</c>, <c>icmpv6</c>, another protocol's number, or <see cref="AnyProtocol"/>.</param>
/// <param name="FromPort">The first port, or the ICMP type (-1: each). Null where the protocol has neither.</param>
/// <param name="ToPort">The last port, or the ICMP code (-1: each).</param>
/// <param name="Peer">Whom to or from.</param>
public sealed record SecurityGroupPermission(string Protocol, int? FromPort, int? ToPort, SecurityGroupPeer Peer)
{
    public const string AnyProtocol = "-1";
}
