using Sanbashi.Domain.Networks;

namespace Sanbashi.Domain.Tests.Networks;

public sealed class PrivateSourcesTests
{
    [Theory]
    [InlineData("", "", "255.255.255.255/32")]
    [InlineData("", "10.213.4.0/22", "10.213.4.0/22")]
    [InlineData("0.0.0.0/0", "10.213.4.0/22", "10.213.4.0/22")]
    [InlineData("10.213.5.0/24 192.0.2.0/24", "10.213.4.0/22", "10.213.5.0/24")]
    [InlineData("192.0.2.0/24 2001:db8::/32", "10.213.4.0/22", "255.255.255.255/32")]
    [InlineData("10.0.0.0/8", "", "255.255.255.255/32")]
    public void Sources_AreThoseThatBothAllow(string allowed, string networks, string expected) =>
        PrivateSources.Of(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries), [.. networks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Ipv4Block.Parse)])
            .ShouldBe(expected.Split(' '));
}
