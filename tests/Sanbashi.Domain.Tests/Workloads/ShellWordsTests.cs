using FsCheck;
using FsCheck.Fluent;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Tests.Workloads;

public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("   \t\r\n ", new string[0])]
    [InlineData("node server.js", new[] { "node", "server.js" })]
    [InlineData("  node   server.js\t--port\n80 ", new[] { "node", "server.js", "--port", "80" })]
    [InlineData("sh -c 'echo \"$HOME\" && exec app'", new[] { "sh", "-c", "echo \"$HOME\" && exec app" })]
    [InlineData("a 'b c'\"d e\"f\\ g", new[] { "a", "b cd ef g" })]
    [InlineData("'' \"\" x", new[] { "", "", "x" })]
    [InlineData("'a\\b'", new[] { "a\\b" })]
    [InlineData("\"a\\\"b\\\\c\\$d\\`e\\nf\"", new[] { "a\"b\\c$d`e\\nf" })]
    [InlineData("a\\\"b \\'", new[] { "a\"b", "'" })]
    [InlineData("\"it's\" 'say \"hi\"'", new[] { "it's", "say \"hi\"" })]
    [InlineData("a && b | c > d", new[] { "a", "&&", "b", "|", "c", ">", "d" })]
    [InlineData("$HOME ${X} *.js ~", new[] { "$HOME", "${X}", "*.js", "~" })]
    public void Split_ALine_GivesTheWordsOfAShellWithoutExpansions(string line, string[] words)
    {
        ShellWords.Split(line).ShouldBe(words);
    }

    [Theory]
    [InlineData("a 'b", "the single quote at character 3 is not closed")]
    [InlineData("a \"b\\\"", "the double quote at character 3 is not closed")]
    [InlineData("\"", "the double quote at character 1 is not closed")]
    [InlineData("a\\", "the line ends in a backslash")]
    public void Split_ALineWithoutItsEnd_SaysWhatIsOpenAndWhere(string line, string problem)
    {
        Should.Throw<FormatException>(() => ShellWords.Split(line)).Message.ShouldBe(problem);
    }

    [Fact]
    public void Split_QuotedWords_GivesThemBack()
    {
        var word = Gen.Elements("abc \t\n'\"\\$`&|*é界".ToCharArray()).ArrayOf().Select(characters => new string(characters));
        Prop.ForAll(
            word.ArrayOf().ToArbitrary(),
            words => ShellWords.Split(string.Join(' ', words.Select(SingleQuoted))).SequenceEqual(words)
                && ShellWords.Split(string.Join('\t', words.Select(DoubleQuoted))).SequenceEqual(words)).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true));
    }

    [Fact]
    public void Split_AnyLine_GivesWordsOrSaysWhyNot()
    {
        Prop.ForAll<string>(ArbMap.Default.ArbFor<string>(), line =>
        {
            if (line is null)
            {
                return true;
            }

            try
            {
                return ShellWords.Split(line).Sum(word => word.Length) <= line.Length;
            }
            catch (FormatException problem)
            {
                return problem.Message.Length > 0;
            }
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true));
    }

    private static string SingleQuoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string DoubleQuoted(string word) =>
        $"\"{string.Concat(word.Select(c => c is '"' or '\\' or '$' or '`' ? $"\\{c}" : c.ToString()))}\"";
}
