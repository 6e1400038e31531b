using System.Globalization;
using System.Net;

namespace Sanbashi.Domain.Networks;

/// <summary>The rules of EC2 for the address plans of VPCs and subnets.</summary>
public static class AddressPlan
{
    private const int ShortestPrefix = 16;
    private const int LongestPrefix = 28;

    /// <summary>The first four addresses and the last one of each subnet are EC2's own.</summary>
    public const int ReservedAddresses = 5;

    /// <summary>A block, whose address may lie within it; null when the text is none.</summary>
    public static Ipv4Block? Read(string text) => text.Count(character => character == '.') == 3 && Ipv4Block.TryParse(text, out var block) ? block : null;

    /// <summary>Whether a VPC or a subnet may be of this size.</summary>
    public static bool HasLegalSize(Ipv4Block block) => block.PrefixLength is >= ShortestPrefix and <= LongestPrefix;

    /// <summary>The subnet that a new one would overlap with.</summary>
    public static SubnetRecord? Conflict(IEnumerable<SubnetRecord> subnets, Ipv4Block block) =>
        subnets.FirstOrDefault(subnet => Ipv4Block.Parse(subnet.Cidr).Overlaps(block));

    /// <summary>The address of a subnet that something of EC2's own would have.</summary>
    /// <param name="nth">0 is the first that is not reserved.</param>
    public static IPAddress Address(SubnetRecord subnet, int nth) => Ipv4Block.AddressOf(Ipv4Block.Parse(subnet.Cidr).First + (uint)(ReservedAddresses - 1 + nth));

    /// <summary>Three thirds of a default VPC, as EC2 cuts them.</summary>
    public static string DefaultSubnet(int zone) => string.Create(CultureInfo.InvariantCulture, $"172.31.{zone * 16}.0/20");
}
