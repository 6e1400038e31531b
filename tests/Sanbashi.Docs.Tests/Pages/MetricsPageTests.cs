using System.Text.RegularExpressions;

namespace Sanbashi.Docs.Tests.Pages;

public sealed partial class MetricsPageTests
{
    [Fact]
    public void Metrics_OfTheControlPlane_AreOnThePage()
    {
        var page = Clone.Read("docs/operations.md");
        foreach (var metric in Metrics())
        {
            page.ShouldContain($"`{metric}`");
        }
    }

    [Fact]
    public void Metrics_OnThePages_Exist()
    {
        var metrics = Metrics().ToHashSet(StringComparer.Ordinal);
        var unknown =
            from page in Clone.Pages.Where(page => page.StartsWith("docs/", StringComparison.Ordinal)).Select(MarkdownPage.Read)
            from Match match in MetricInProse().Matches(page.Text)
            where !metrics.Contains(match.Groups["name"].Value)
            select $"{page.Path}: {match.Groups["name"].Value}";
        unknown.ShouldBeEmpty();
    }

    /// <summary>As written by the platform itself, and as its instruments become.</summary>
    private static IEnumerable<string> Metrics()
    {
        var sources = Clone.Files().Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)).Select(Clone.Read).ToList();
        var families = sources.SelectMany(source => Family().Matches(source)).Select(match => match.Groups["name"].Value);
        var instruments = sources.SelectMany(source => Instrument().Matches(source)).Select(match =>
            match.Groups["name"].Value.Replace('.', '_').Replace('-', '_') + (match.Groups["kind"].Value == "Counter" ? "_total" : "_seconds"));
        return families.Concat(instruments).Distinct();
    }

    [GeneratedRegex("""Family\("(?<name>\w+)",""")]
    private static partial Regex Family();

    [GeneratedRegex("""Create(?<kind>Counter|Histogram)<\w+>\(\s*"(?<name>sanbashi\.[\w.-]+)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Instrument();

    [GeneratedRegex(@"\b(?<name>sanbashi_[a-z_]+_[a-z]+|sanbashi_(?:services|instances|gateways))\b(?=[`{])")]
    private static partial Regex MetricInProse();
}
