using System.Globalization;
using System.Reflection;

namespace Sanbashi.Docs.Tests.Pages;

public sealed class GatewayPageTests
{
    [Fact]
    public void Limits_OfTheGateway_AreOnThePageWithTheirValues()
    {
        var rows = MarkdownPage.Read("docs/gateway.md").TableRows().Where(static row => row.Length == 3).ToList();
        foreach (var limit in Product.Type("Sanbashi.Gateway.GatewayDefaults").GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var row = rows.Where(row => row[2] == $"`GatewayDefaults.{limit.Name}`").ShouldHaveSingleItem(limit.Name);
            Forms(limit.Name, limit.GetValue(null)!).ShouldContain(row[1], limit.Name);
        }
    }

    [Fact]
    public void Headers_OfOneHop_AreOnThePage()
    {
        var names = (IEnumerable<string>)Product.Type("Sanbashi.Gateway.Forwarding.HopByHop").GetField("Always", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        var text = MarkdownPage.Read("docs/gateway.md").TableRows().Single(static row => row[0].StartsWith("`Connection`", StringComparison.Ordinal))[0];
        foreach (var name in names)
        {
            text.ShouldContain(name.StartsWith("Proxy-", StringComparison.Ordinal) ? "`Proxy-*`" : $"`{name}`");
        }
    }

    [Fact]
    public void Answers_OfTheGateway_AreOnThePage()
    {
        var rows = MarkdownPage.Read("docs/gateway.md").TableRows().Where(row => row.Length == 3).ToList();
        var type = Product.Type("Sanbashi.Gateway.Answers.GatewayAnswer");
        foreach (var answer in type.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(property => property.PropertyType == type).Select(property => property.GetValue(null)))
        {
            var status = type.GetProperty("Status")!.GetValue(answer)!.ToString();
            var code = type.GetProperty("Code")!.GetValue(answer);
            rows.ShouldContain(row => row[0] == status && row[1].Contains($"`{code}`"), $"{status} {code}");
        }
    }

    /// <summary>How a page may write a value: 65536 bytes are "64 KiB", 90 seconds are "90 s".</summary>
    private static IEnumerable<string> Forms(string name, object value)
    {
        if (value is TimeSpan time)
        {
            yield return time < TimeSpan.FromSeconds(1) ? Text($"{time.TotalMilliseconds} ms") : Text($"{time.TotalSeconds} s");
            yield return Text($"{time.TotalMinutes} min");
            yield break;
        }

        if (value is string text)
        {
            yield return $"`{text}`";
            yield break;
        }

        if (value is double share)
        {
            yield return Text($"{share}");
            yield break;
        }

        var number = Convert.ToInt64(value, CultureInfo.InvariantCulture) * (name.EndsWith("Kilobytes", StringComparison.Ordinal) ? 1024 : 1);
        if (name.EndsWith("ytes", StringComparison.Ordinal))
        {
            yield return number % (1024 * 1024) == 0 ? Text($"{number / (1024 * 1024)} MiB") : Text($"{number / 1024} KiB");
            yield break;
        }

        yield return Text($"{number:N0}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
