using Sanbashi.Domain.Metrics;

namespace Sanbashi.Docs.Tests.Pages;

public sealed class MetricCatalogTests
{
    [Fact]
    public void Metrics_OfCloudWatch_AreOnThePageWithWhatTheyTell()
    {
        var rows = MarkdownPage.Read("docs/metrics.md").TableRows().Where(row => row.Length == 3).ToList();
        foreach (var metric in MetricCatalog.All)
        {
            rows.Where(row => row[0] == $"`{metric.Name}`").ShouldHaveSingleItem(metric.Name).ShouldBe([$"`{metric.Name}`", metric.Unit, metric.Meaning]);
        }
    }
}
