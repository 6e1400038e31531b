using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Tests.Settings;

public sealed class SettingsValidatorTests
{
    [Fact]
    public void ProblemOfTags_TagsThatAreNoSettings_AreNotLookedAt()
    {
        SettingsValidator.ProblemOfTags(Tags(("team", "a"), ("Sanbashi:x", "y"), ("sanbashi:stop-timeout", "1m")), []).ShouldBeNull();
    }

    [Fact]
    public void ProblemOfTags_UnknownSetting_NamesTheKnownOnes()
    {
        SettingsValidator.ProblemOfTags(Tags(("sanbashi:colour", "blue")), [])
            .ShouldBe($"There is no setting 'colour' (tag sanbashi:colour). Known settings: {SettingsCatalog.KnownNames}.");
    }

    [Fact]
    public void Problem_BadValue_NamesSettingValueAndRange()
    {
        SettingsValidator.Problem("stop-timeout", "2h", [])
            .ShouldBe("The value '2h' of the setting stop-timeout is not valid: it is above 1h. It must be a duration from 0s to 1h such as 90s, 15m or 1h; a plain number is seconds.");
    }

    [Theory]
    [InlineData("/srv/shared:/x", true)]
    [InlineData("/srv/shared/media:/x", true)]
    [InlineData("/srv/sharedother:/x", false)]
    [InlineData("/srv:/x", false)]
    [InlineData("/data:/x", true)]
    [InlineData("named:/x", true)]
    public void Problem_HostFolder_MustLieBelowAnAllowedOne(string value, bool isAllowed)
    {
        var problem = SettingsValidator.Problem("volume", value, ["/srv/shared", "/data/"]);

        (problem is null).ShouldBe(isAllowed, problem);
    }

    [Fact]
    public void Problem_HostFolderWhereNoneIsAllowed_SaysWhatElseThereIs()
    {
        SettingsValidator.Problem("volume", "/srv:/x", [])!.ShouldContain("use a named volume");
    }

    private static IEnumerable<KeyValuePair<string, string>> Tags(params (string Key, string Value)[] tags) =>
        tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value));
}
