using Sanbashi.Engines.Builds;

namespace Sanbashi.Engines.Tests.Builds;

public sealed class IgnorePatternsTests
{
    [Theory]
    [InlineData("node_modules", "node_modules", true)]
    [InlineData("node_modules", "node_modules/a/b", true)]
    [InlineData("node_modules", "src/node_modules", false)]
    [InlineData("**/node_modules", "src/deep/node_modules/x", true)]
    [InlineData("**/node_modules", "node_modules", true)]
    [InlineData("/bin", "bin/x", true)]
    [InlineData("./bin/", "bin", true)]
    [InlineData("a/../bin", "bin", true)]
    [InlineData("*.log", "x.log", true)]
    [InlineData("*.log", "logs/x.log", false)]
    [InlineData("**/*.log", "logs/x.log", true)]
    [InlineData("*/temp*", "a/temporary", true)]
    [InlineData("*/temp*", "a/b/temporary", false)]
    [InlineData("temp?", "tempa", true)]
    [InlineData("temp?", "temp", false)]
    [InlineData("[ab].txt", "b.txt", true)]
    [InlineData("[^ab].txt", "b.txt", false)]
    [InlineData("[a-c].txt", "b.txt", true)]
    [InlineData("a\\*b", "a*b", true)]
    [InlineData("a\\*b", "axb", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("**", "anything/at/all", true)]
    [InlineData("src/**", "src/a", true)]
    [InlineData("src/**", "src2/a", false)]
    [InlineData("src/**/x", "src/x", true)]
    [InlineData("src/**/x", "src/a/b/x", true)]
    [InlineData("# comment", "# comment", false)]
    [InlineData("  spaced  ", "spaced", true)]
    [InlineData(".", "a", false)]
    public void Ignores_OnePattern_FollowsDockersRules(string pattern, string path, bool expected)
    {
        new IgnorePatterns([pattern]).Ignores(path).ShouldBe(expected);
    }

    [Theory]
    [InlineData("README.md", false)]
    [InlineData("docs/a.md", true)]
    [InlineData("docs/keep/a.md", false)]
    [InlineData("docs/keep/secret.md", true)]
    public void Ignores_Exceptions_TheLastMatchDecides(string path, bool expected)
    {
        new IgnorePatterns(["**/*.md", "!README.md", "!docs/keep", "", "docs/keep/secret.md"]).Ignores(path).ShouldBe(expected);
    }
}
