using System.Diagnostics;
using System.Net;
using Sanbashi.Domain.Networks;
using Sanbashi.Engines.Docker.Networks;

namespace Sanbashi.Engines.Tests.Docker.Networks;

public sealed class FirewallRulesTests
{
    private static readonly IPAddress Gateway = IPAddress.Parse("10.213.4.1");

    [Fact]
    public void Routed_Rules_DropAllButDnsAndThePlatform()
    {
        var rules = FirewallRules.Routed("sanbashi_0123abcd", "sb0123abcd", Gateway, [8443, 8080, 8080], null);

        rules.ShouldContain("tcp dport { 53, 8080, 8443 } accept");
        rules.ShouldContain("udp dport 53 accept");
        rules.ShouldContain("iifname \"sb0123abcd\" ip daddr 169.254.169.254 drop");
        rules.ShouldContain("iifname \"sb0123abcd\" oifname \"sb0123abcd\" drop");

        // The last word on what comes from instances.
        var lines = rules.Split('\n').Select(line => line.Trim()).ToList();
        lines[lines.IndexOf("tcp dport { 53, 8080, 8443 } accept") + 1].ShouldBe("drop");
    }

    [Fact]
    public void Routed_WithAnEndpoint_LeadsItsAddressToThePort()
    {
        var rules = FirewallRules.Routed("sanbashi_0123abcd", "sb0123abcd", Gateway, [8080], 40123);

        rules.ShouldContain("iifname \"sb0123abcd\" ip daddr 169.254.170.2 tcp dport 80 dnat ip to 127.0.0.1:40123");
        rules.ShouldContain("tcp dport { 53, 8080, 40123 } accept");
        FirewallRules.Routed("t", "sb", Gateway, [8080], null).ShouldNotContain("169.254.170.2");
    }

    [Fact]
    public void Bridged_KernelWithoutBridgeNames_MatchesTheSubnet()
    {
        Ipv4Block.TryParse("10.213.4.0/22", out var subnet);

        FirewallRules.Bridged("t", "sb", subnet, matchesBridgeName: true).ShouldContain("meta ibrname \"sb\" drop");
        FirewallRules.Bridged("t", "sb", subnet, matchesBridgeName: false).ShouldContain("ip saddr 10.213.4.0/22 ip daddr 10.213.4.0/22 drop");
    }

    [Fact]
    public async Task AllRules_CheckedByNft_AreValid()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/nft") && Environment.IsPrivilegedProcess, "checking rules needs nft and root");
        Ipv4Block.TryParse("10.213.4.0/22", out var subnet);

        await Check(FirewallRules.Routed("sanbashi_test", "sbtest", Gateway, [8080], 40123));
        await Check(FirewallRules.Routed("sanbashi_test", "sbtest", Gateway, [], null));
        await Check(FirewallRules.Bridged("sanbashi_test", "sbtest", subnet, matchesBridgeName: false));
        await Check(FirewallRules.Removal("sanbashi_test"));
    }

    private static async Task Check(string rules)
    {
        using var nft = Process.Start(new ProcessStartInfo("/usr/sbin/nft", ["--check", "-f", "-"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        await nft.StandardInput.WriteAsync(rules);
        nft.StandardInput.Close();
        var errors = await nft.StandardError.ReadToEndAsync();
        await nft.WaitForExitAsync();
        nft.ExitCode.ShouldBe(0, errors + rules);
    }
}
