using Sanbashi.Domain.Networks;
using Sanbashi.Engines.Docker.Networks;

namespace Sanbashi.Engines.Tests.Docker.Networks;

public sealed class SubnetPoolTests
{
    [Theory]
    [InlineData("10.213.0.0/16", 22, new string[0], "10.213.0.0/22")]
    [InlineData("10.213.0.0/16", 22, new[] { "10.213.0.0/22" }, "10.213.4.0/22")]
    [InlineData("10.213.0.0/16", 22, new[] { "10.213.1.128/25", "10.213.4.0/24" }, "10.213.8.0/22")]
    [InlineData("10.213.0.0/16", 24, new[] { "10.0.0.0/9", "172.17.0.0/16" }, "10.213.0.0/24")]
    [InlineData("10.213.77.5/16", 17, new[] { "10.213.0.0/17" }, "10.213.128.0/17")]
    [InlineData("192.168.0.0/22", 22, new string[0], "192.168.0.0/22")]
    [InlineData("255.255.255.0/24", 29, new[] { "255.255.255.0/25" }, "255.255.255.128/29")]
    public void Choose_TakenBlocks_IsTheFirstThatOverlapsWithNone(string pool, int length, string[] taken, string expected)
    {
        new SubnetPool(pool, length).Choose([.. taken.Select(Block)])?.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("10.213.0.0/16", "10.0.0.0/8")]
    [InlineData("10.213.0.0/16", "0.0.0.0/0")]
    [InlineData("255.255.255.0/24", "255.255.255.0/24")]
    public void Choose_PoolUsedUp_IsNull(string pool, string taken)
    {
        new SubnetPool(pool, 26).Choose([Block(taken)]).ShouldBeNull();
    }

    [Theory]
    [InlineData("10.213.0.0", 22)]
    [InlineData("10.213.0.0/33", 22)]
    [InlineData("fd00::/8", 22)]
    [InlineData("10.213.0.0/16", 15)]
    [InlineData("10.213.0.0/16", 30)]
    public void Pool_WithoutSense_IsRefused(string pool, int length)
    {
        Should.Throw<ArgumentException>(() => new SubnetPool(pool, length));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255/32", true)]
    [InlineData("10.0.0.0/9", "10.128.0.0/9", false)]
    [InlineData("0.0.0.0/0", "203.0.113.7/32", true)]
    public void Overlaps_TwoBlocks_IsSymmetric(string one, string other, bool expected)
    {
        Block(one).Overlaps(Block(other)).ShouldBe(expected);
        Block(other).Overlaps(Block(one)).ShouldBe(expected);
    }

    [Fact]
    public void Gateway_OfBlock_IsItsFirstAddress()
    {
        Block("10.213.4.0/22").Gateway.ToString().ShouldBe("10.213.4.1");
    }

    [Fact]
    public void HostRoutes_KernelTable_IsReadWithoutTheDefaultRoute()
    {
        const string Table = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
            + "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
            + "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
            + "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n";

        HostRoutes.Parse(Table).Select(block => block.ToString()).ShouldBe(["172.17.0.0/16", "192.168.1.0/24"]);
    }

    private static Ipv4Block Block(string text) => Ipv4Block.TryParse(text, out var block) ? block : throw new ArgumentException(text);
}
