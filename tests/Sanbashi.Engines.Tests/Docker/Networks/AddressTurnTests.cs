using System.Net;
using Sanbashi.Domain.Networks;
using Sanbashi.Engines.Docker.Networks;

namespace Sanbashi.Engines.Tests.Docker.Networks;

public sealed class AddressTurnTests
{
    private static readonly IPAddress Gateway = IPAddress.Parse("10.213.4.1");

    [Fact]
    public void Next_AddressGivenUp_IsUsedAgainOnlyAfterAllOthers()
    {
        Ipv4Block.TryParse("10.213.4.0/28", out var subnet);
        var turn = new AddressTurn();

        // Each is given up at once: thirteen of sixteen can be had.
        var given = Enumerable.Range(0, 26).Select(_ => Next(turn, subnet)!).ToList();

        given[..13].Distinct().Count().ShouldBe(13);
        given[13..].ShouldBe(given[..13]);
        given.ShouldAllBe(address => address != "10.213.4.0" && address != "10.213.4.1" && address != "10.213.4.15");
    }

    [Fact]
    public void Next_TakenAddresses_AreLeftOut()
    {
        Ipv4Block.TryParse("10.213.4.0/29", out var subnet);
        var turn = new AddressTurn();

        Next(turn, subnet, "10.213.4.2", "10.213.4.3", "10.213.4.4", "10.213.4.6").ShouldBe("10.213.4.5");
        Next(turn, subnet, "10.213.4.2", "10.213.4.3", "10.213.4.4", "10.213.4.6").ShouldBe("10.213.4.5");
        Next(turn, subnet, "10.213.4.2", "10.213.4.3", "10.213.4.4", "10.213.4.5", "10.213.4.6").ShouldBeNull();
    }

    [Theory]
    [InlineData(new[] { "10.213.4.100" }, "10.213.4.229")]
    [InlineData(new[] { "10.213.4.200" }, "10.213.4.73")]
    [InlineData(new[] { "10.213.4.100", "10.213.4.101", "10.213.4.110" }, "10.213.4.234")]
    [InlineData(new[] { "10.213.4.2", "10.213.4.250" }, "10.213.4.127")]
    public void Next_AfterARestart_IsFarFromThoseGivenUpLately(string[] taken, string expected)
    {
        Ipv4Block.TryParse("10.213.4.0/24", out var subnet);

        Next(new AddressTurn(), subnet, taken).ShouldBe(expected);
    }

    [Fact]
    public void Next_InAnotherNetwork_IsOneOfThat()
    {
        Ipv4Block.TryParse("10.213.4.0/24", out var before);
        Ipv4Block.TryParse("192.168.7.0/24", out var after);
        var turn = new AddressTurn();
        Next(turn, before).ShouldBe("10.213.4.2");

        turn.Next(after, IPAddress.Parse("192.168.7.1"), new HashSet<uint>())!.ToString().ShouldBe("192.168.7.2");
    }

    private static string? Next(AddressTurn turn, Ipv4Block subnet, params string[] taken) =>
        turn.Next(subnet, Gateway, taken.Select(address => Ipv4Block.Number(IPAddress.Parse(address))).ToHashSet())?.ToString();
}
