using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Tests.Settings;

public sealed class SettingsResolverTests
{
    [Fact]
    public void Resolve_Nothing_IsTheDefault()
    {
        var resolved = SettingsResolver.Resolve(Map(), Map());

        resolved.Effective.ShouldBe(ServiceSettings.Default);
        resolved.Values.ShouldAllBe(setting => setting.Source == SettingSource.Default && setting.Value == setting.Definition.Default);
    }

    [Fact]
    public void Resolve_TagAndApi_TheTagWins()
    {
        var resolved = SettingsResolver.Resolve(
            Map(("sanbashi:request-timeout", "1m"), ("team", "a")),
            Map(("request-timeout", "2m"), ("stop-timeout", "3m")));

        resolved.Effective.RequestTimeout.ShouldBe(TimeSpan.FromMinutes(1));
        resolved.Effective.StopTimeout.ShouldBe(TimeSpan.FromMinutes(3));
        resolved.Values.Single(setting => setting.Definition.Name == "request-timeout").Source.ShouldBe(SettingSource.Tag);
        resolved.Values.Single(setting => setting.Definition.Name == "stop-timeout").Source.ShouldBe(SettingSource.Api);
    }

    [Fact]
    public void Resolve_AStoredValueThatIsNoLongerValid_GoesToTheNextSource()
    {
        var resolved = SettingsResolver.Resolve(Map(("sanbashi:stop-timeout", "never")), Map(("stop-timeout", "3m")));

        resolved.Effective.StopTimeout.ShouldBe(TimeSpan.FromMinutes(3));
        resolved.Values.Single(setting => setting.Definition.Name == "stop-timeout").Source.ShouldBe(SettingSource.Api);
    }

    [Theory]
    [InlineData("sanbashi:stop-timeout", "60s", true)]
    [InlineData("sanbashi:volume", "data:/data", true)]
    [InlineData("sanbashi:protocol", "grpc", true)]
    [InlineData("sanbashi:start-timeout", "10m", true)]
    [InlineData("sanbashi:stop-timeout", "30s", false)]
    [InlineData("sanbashi:request-timeout", "60s", false)]
    [InlineData("sanbashi:drain-timeout", "60s", false)]
    [InlineData("team", "b", false)]
    public void NeedsDeployment_OfOneChange_FollowsTheSetting(string key, string value, bool expected)
    {
        SettingsResolver.Resolve(Map(), Map()).NeedsDeployment(SettingsResolver.Resolve(Map((key, value)), Map())).ShouldBe(expected);
    }

    [Fact]
    public void NeedsDeployment_SameVolumesInAnotherSource_IsFalse()
    {
        var tag = SettingsResolver.Resolve(Map(("sanbashi:volume", "data:/data")), Map());
        var api = SettingsResolver.Resolve(Map(), Map(("volume", "data:/data:rw")));

        tag.NeedsDeployment(api).ShouldBeFalse();
    }

    private static Dictionary<string, string> Map(params (string Key, string Value)[] entries) => entries.ToDictionary(entry => entry.Key, entry => entry.Value);
}
