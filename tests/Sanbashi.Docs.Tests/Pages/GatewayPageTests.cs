using System.Reflection;

namespace Sanbashi.Docs.Tests.Pages;

public sealed class GatewayPageTests
{
    [Fact]
    public void Limits_OfTheGateway_AreOnThePage()
    {
        var page = Clone.Read("docs/gateway.md");
        foreach (var limit in Product.Type("Sanbashi.Gateway.GatewayDefaults").GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            page.ShouldContain($"`GatewayDefaults.{limit.Name}`");
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
}
