using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Tests.Settings;

public sealed class AccessSettingsTests
{
    private static readonly string _hash = PasswordHash.Make("secret", PasswordHash.LeastIterations).ToString();

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("203.0.113.7", "203.0.113.7/32")]
    [InlineData(" 203.0.113.7 , 2001:DB8::/32,::1 ", "203.0.113.7/32,2001:db8::/32,::1/128")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    public void Sources_ThatAreAddressesOrRanges_AreRead(string text, string normal)
    {
        var reading = SettingsCatalog.Find("allowed-sources")!.Read(text, ServiceSettings.Default);

        reading.Value.ShouldBe(normal);
        reading.Settings!.Access.AllowedSources.ShouldBe(normal.Split(','));
        reading.Settings.Access.IsOpen.ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "neither an address nor a range")]
    [InlineData("10.0.0.0/8,", "neither an address nor a range")]
    [InlineData("10", "neither an address nor a range")]
    [InlineData("010.0.0.1", "neither an address nor a range")]
    [InlineData("example.com", "neither an address nor a range")]
    [InlineData("10.0.0.0/33", "neither an address nor a range")]
    [InlineData("10.0.0.0/", "neither an address nor a range")]
    public void Sources_ThatAreNeither_SayWhich(string text, string problem) =>
        SettingsCatalog.Find("allowed-sources")!.Read(text, ServiceSettings.Default).Problem!.ShouldContain(problem);

    [Fact]
    public void Users_WithHashes_AreRead()
    {
        var reading = SettingsCatalog.Find("basic-auth")!.Read($"ada:{_hash}, bob b:{_hash}", ServiceSettings.Default);

        reading.Settings!.Access.Users.ShouldBe([new RouteUser("ada", _hash), new RouteUser("bob b", _hash)]);
        reading.Value.ShouldBe($"ada:{_hash},bob b:{_hash}");
    }

    [Theory]
    [InlineData("ada:secret", "hash-password")]
    [InlineData("ada", "NAME:HASH")]
    [InlineData(":x", "NAME:HASH")]
    [InlineData("", "NAME:HASH")]
    public void Users_WithoutAHash_AreRefused(string text, string problem) =>
        SettingsCatalog.Find("basic-auth")!.Read(text, ServiceSettings.Default).Problem!.ShouldContain(problem);

    [Fact]
    public void User_NamedTwice_IsRefused() =>
        SettingsCatalog.Find("basic-auth")!.Read($"ada:{_hash},ada:{_hash}", ServiceSettings.Default).Problem!.ShouldContain("twice");

    [Theory]
    [InlineData("100/s", "100/s", 100, 1, 100)]
    [InlineData("60/m,5", "60/m,5", 60, 60, 5)]
    [InlineData("1000/h, 1000", "1000/h", 1000, 3600, 1000)]
    public void Rate_PerPeriod_IsRead(string text, string normal, int requests, int seconds, int burst)
    {
        var reading = SettingsCatalog.Find("rate-limit")!.Read(text, ServiceSettings.Default);

        reading.Value.ShouldBe(normal);
        reading.Settings!.Access.RateLimit.ShouldBe(new RouteRateLimit(requests, TimeSpan.FromSeconds(seconds), burst));
    }

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("100/d")]
    [InlineData("/s")]
    [InlineData("0/s")]
    [InlineData("-1/s")]
    [InlineData("1000001/s")]
    [InlineData("1/s,0")]
    [InlineData("1/s,2,3")]
    public void Rate_OfAnotherForm_IsRefused(string text) => SettingsCatalog.Find("rate-limit")!.Read(text, ServiceSettings.Default).Problem.ShouldNotBeNull();

    [Theory]
    [InlineData("none", RouteStickiness.None)]
    [InlineData("cookie", RouteStickiness.Cookie)]
    public void Sticky_Known_IsRead(string text, RouteStickiness stickiness) =>
        SettingsCatalog.Find("sticky")!.Read(text, ServiceSettings.Default).Settings!.Stickiness.ShouldBe(stickiness);

    [Fact]
    public void Settings_OfAccess_AddUp()
    {
        var resolved = SettingsResolver.Resolve(
            new Dictionary<string, string> { ["sanbashi:allowed-sources"] = "10.0.0.0/8", ["sanbashi:basic-auth"] = $"ada:{_hash}" },
            new Dictionary<string, string> { ["rate-limit"] = "5/s" });

        resolved.Effective.Access.AllowedSources.ShouldBe(["10.0.0.0/8"]);
        resolved.Effective.Access.Users.Single().Name.ShouldBe("ada");
        resolved.Effective.Access.RateLimit.ShouldBe(new RouteRateLimit(5, TimeSpan.FromSeconds(1), 5));
    }

    [Fact]
    public void Access_OfEqualRules_IsEqual()
    {
        var rules = () => new RouteAccess { AllowedSources = ["10.0.0.0/8"], Users = [new RouteUser("a", "b")], RateLimit = new RouteRateLimit(1, TimeSpan.FromSeconds(1), 1) };

        rules().ShouldBe(rules());
        rules().GetHashCode().ShouldBe(rules().GetHashCode());
        rules().ShouldNotBe(rules() with { AllowedSources = ["10.0.0.0/9"] });
        rules().ShouldNotBe(rules() with { Users = [] });
        rules().ShouldNotBe(rules() with { RateLimit = null });
    }
}
