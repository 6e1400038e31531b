using FsCheck;
using FsCheck.Fluent;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.Domain.Tests.Secrets;

public sealed class SecretStagesTests
{
    private static readonly string[] _stages = [SecretStages.Current, SecretStages.Previous, SecretStages.Pending, "blue"];

    [Fact]
    public void Attach_CurrentToANewVersion_MakesTheOldOnePrevious()
    {
        var versions = SecretStages.Attach([Version("a", SecretStages.Current), Version("b")], "b", [SecretStages.Current]);

        Stages(versions, "a").ShouldBe([SecretStages.Previous]);
        Stages(versions, "b").ShouldBe([SecretStages.Current]);
    }

    [Fact]
    public void Attach_CurrentBackToThePrevious_ExchangesThem()
    {
        var versions = SecretStages.Attach([Version("a", SecretStages.Previous), Version("b", SecretStages.Current)], "a", [SecretStages.Current]);

        Stages(versions, "a").ShouldBe([SecretStages.Current]);
        Stages(versions, "b").ShouldBe([SecretStages.Previous]);
    }

    [Fact]
    public void Attach_PendingOnly_LeavesTheCurrentOne()
    {
        var versions = SecretStages.Attach([Version("a", SecretStages.Current, SecretStages.Pending), Version("b")], "b", [SecretStages.Pending]);

        Stages(versions, "a").ShouldBe([SecretStages.Current]);
        Stages(versions, "b").ShouldBe([SecretStages.Pending]);
    }

    [Fact]
    public void Attach_AnyOrder_KeepsEachLabelOnOneVersion() => Prop.ForAll(
        Gen.Zip(Gen.Choose(0, 3), Gen.Choose(0, 3)).ListOf().ToArbitrary(),
        moves =>
        {
            IReadOnlyList<SecretVersion> versions = [Version("0", SecretStages.Current), Version("1"), Version("2"), Version("3")];
            foreach (var (version, stage) in moves)
            {
                var before = versions.Single(each => each.Stages.Contains(SecretStages.Current)).Id;
                versions = SecretStages.Attach(versions, $"{version}", [_stages[stage]]);
                var now = versions.Single(each => each.Stages.Contains(SecretStages.Current)).Id;
                if (now != before && !Stages(versions, before).Contains(SecretStages.Previous))
                {
                    return false;
                }
            }

            return versions.SelectMany(version => version.Stages).GroupBy(stage => stage).All(group => group.Count() == 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Superfluous_DeprecatedForADay_GoBeyondAHundred()
    {
        var now = new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
        IReadOnlyList<SecretVersion> versions =
        [
            .. Enumerable.Range(0, SecretVersions.Kept + 5).Select(i => new SecretVersion { Id = $"v{i}", CreatedAt = now.AddDays(-10).AddMinutes(i), Stages = i == 2 ? [SecretStages.Current] : [] }),
            new SecretVersion { Id = "young", CreatedAt = now.AddHours(-1) },
        ];

        SecretVersions.Superfluous(versions, now).Select(version => version.Id).ShouldBe(["v0", "v1", "v3", "v4", "v5", "v6"]);
        SecretVersions.Superfluous([.. versions.Take(SecretVersions.Kept)], now).ShouldBeEmpty();
    }

    private static SecretVersion Version(string id, params string[] stages) => new() { Id = id, CreatedAt = DateTimeOffset.UnixEpoch, Stages = stages };

    private static IReadOnlyList<string> Stages(IReadOnlyList<SecretVersion> versions, string id) => versions.Single(version => version.Id == id).Stages;
}
