namespace Sanbashi.Docs.Tests.Reference;

public sealed class ReferenceTests
{
    /// <summary>Set to 1, the page is written instead of compared.</summary>
    public const string RewriteVariable = "SANBASHI_REWRITE_DOCS";

    [Fact]
    public void ApiPage_InTheClone_IsWhatTheModelSays()
    {
        var page = ApiPage.Render();
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1")
        {
            File.WriteAllText(Clone.At(ApiPage.Path), page);
        }

        Clone.Read(ApiPage.Path).ShouldBe(page, $"Write it anew: {RewriteVariable}=1 ./test Docs");
    }
}
