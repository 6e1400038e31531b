using Sanbashi.Cli.Terminal;

namespace Sanbashi.Cli.Tests.Terminal;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("craete", "create")]
    [InlineData("stauts", "status")]
    [InlineData("xyz", null)]
    [InlineData("a", null)]
    public void Nearest_Word_IsTheOneThatWasMeant(string word, string? expected) => Spelling.Nearest(word, ["create", "status", "ls"]).ShouldBe(expected);
}
