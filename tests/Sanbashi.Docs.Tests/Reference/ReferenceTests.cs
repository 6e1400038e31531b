using System.Reflection;

namespace Sanbashi.Docs.Tests.Reference;

public sealed class ReferenceTests
{
    /// <summary>Set to 1, the pages are written instead of compared.</summary>
    public const string RewriteVariable = "SANBASHI_REWRITE_DOCS";

    [Fact]
    public void ApiPage_InTheClone_IsWhatTheModelSays() => Compare(ApiPage.Path, ApiPage.Render());

    [Theory]
    [InlineData("cli.md")]
    [InlineData("settings.md")]
    public void CommandLinesPage_InTheClone_IsWhatTheProgramSays(string name)
    {
        // The same that the hidden command 'docs reference' writes.
        var pages = (IReadOnlyList<(string Name, string Content)>)Product.Type("Sanbashi.Cli.Reference.ReferencePages")
            .GetMethod("All", BindingFlags.Public | BindingFlags.Static)!.Invoke(null, null)!;
        Compare($"docs/reference/{name}", pages.Single(page => page.Name == name).Content);
    }

    private static void Compare(string path, string content)
    {
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1")
        {
            File.WriteAllText(Clone.At(path), content);
        }

        Clone.Read(path).ShouldBe(content, $"Write it anew: {RewriteVariable}=1 ./test Docs");
    }
}
