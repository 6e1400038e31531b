using Sanbashi.Domain.Settings;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Api;

/// <summary>docs/app-runner-compatibility.md says what the code does.</summary>
public sealed class CompatibilityPageTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Root(), "docs", "app-runner-compatibility.md"));

    [Theory]
    [InlineData("apprunner")]
    [InlineData("sanbashi")]
    public void Page_Always_NamesEveryOperation(string model)
    {
        foreach (var operation in ServiceModel.LoadEmbedded(model).Operations.Keys)
        {
            _page.ShouldContain($"`{operation}`", Case.Sensitive);
        }
    }

    [Fact]
    public void Page_Always_HasEverySettingWithItsDefault()
    {
        foreach (var setting in SettingsCatalog.All)
        {
            var row = _page.Split('\n').Single(line => line.StartsWith($"| `{setting.TagKey}` |", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries);

            row[3].Trim('`').ShouldBe(setting.Default.Length == 0 ? "none" : setting.Default);
            row[4].ShouldBe(setting.AppliesBy == SettingAppliesBy.Live ? "at once" : "by deployment");
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Sanbashi.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
