using System.Collections.Frozen;
using System.Reflection;
using System.Text.RegularExpressions;
using Sanbashi.Wire;

namespace Sanbashi.Docs.Tests.Pages;

public sealed partial class AppRunnerPageTests
{
    private const string Page = "docs/app-runner-compatibility.md";
    private const string Later = "not available in this version";

    [Fact]
    public void Operations_OfTheModel_AreListedOnceEach()
    {
        var model = ServiceModel.LoadEmbedded("apprunner").Operations.Keys.Order(StringComparer.Ordinal);
        Rows().Select(row => row.Operation).Order(StringComparer.Ordinal).ShouldBe(model);
    }

    [Fact]
    public void Operations_ThatAreNotServed_AreListedAsSuch()
    {
        var nouns = (FrozenDictionary<string, string>)Product.Type("Sanbashi.ControlPlane.Api.LaterOperations")
            .GetField("_capabilities", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        foreach (var (operation, status) in Rows())
        {
            var isLater = nouns.ContainsKey(Verb().Replace(operation, ""));
            (status == Later).ShouldBe(isLater, operation);
        }
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData(Page)]
    public void NumberOfOperations_AsStated_IsTheNumberOfRows(string page)
    {
        var served = Rows().Count(row => row.Status != Later);
        MarkdownPage.Read(page).Prose.ReplaceLineEndings(" ").ShouldMatch($"{served} (operations )?of {Rows().Count}|{Rows().Count} operations {served} work");
    }

    private static List<(string Operation, string Status)> Rows() =>
    [
        .. MarkdownPage.Read(Page).TableRows()
            .Where(row => row.Length == 2 && (row[1].StartsWith("works", StringComparison.Ordinal) || row[1] == Later) && char.IsAsciiLetterUpper(row[0][1]))
            .Select(row => (row[0].Trim('`'), row[1]))
            .Where(row => !row.Item1.Contains('.') && row.Item1 != "ServiceName" && Verb().IsMatch(row.Item1) | row.Item1.StartsWith("Tag") | row.Item1.StartsWith("Untag") | Other().IsMatch(row.Item1)),
    ];

    [GeneratedRegex("^(Associate|Disassociate|Create|Describe|List|Update|Delete)(?=[A-Z])")]
    private static partial Regex Verb();

    [GeneratedRegex("^(Pause|Resume|Start)(?=[A-Z])")]
    private static partial Regex Other();
}
