using System.Text.RegularExpressions;

namespace Sanbashi.Docs.Tests.Pages;

public sealed partial class CommandTests
{
    /// <summary>Not in the reference: the script at the root, and the command that writes the reference.</summary>
    private static readonly string[] _elsewhere = ["demo", "docs"];

    [Fact]
    public void Commands_OnThePages_Exist()
    {
        var reference = CommandReference.Read();
        var wrong =
            from page in Clone.Pages.Where(page => page != CommandReference.Page).Select(MarkdownPage.Read)
            from line in page.Commands()
            from Match call in Call().Matches(Comment().Replace(line, ""))
            let words = call.Groups["call"].Value.Trim()
            where words.Length > 0 && !_elsewhere.Contains(words.Split(' ')[0])
            let problem = reference.Problem(words)
            where problem is not null
            select $"{page.Path}: sanbashi {words}: {problem}";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Names_OfServicesOnThePages_AreOnesThatTheApiTakes()
    {
        var wrong =
            from page in Clone.Pages.Select(MarkdownPage.Read)
            from line in page.Commands()
            from Match name in NewName().Matches(line)
            where name.Groups["name"].Value != "NAME" && name.Groups["name"].Length is < 4 or > 40
            select $"{page.Path}: {line}";
        wrong.ShouldBeEmpty();
    }

    /// <summary>The program as a command: where the shell begins one, and with a word or an option behind it.</summary>
    [GeneratedRegex(@"(?:^\s*|(?<=sudo |\$\(|[;|] |&& ))(?:\./)?sanbashi (?<call>(?:[a-z-](?:'[^']*'|""[^""]*""|[^;|&()""'#])*))")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?:svc create.*|create-service.*)--(?:service-)?name (?<name>[\w-]+)")]
    private static partial Regex NewName();

    [GeneratedRegex(@"(?<=\s)# .*$")]
    private static partial Regex Comment();
}
