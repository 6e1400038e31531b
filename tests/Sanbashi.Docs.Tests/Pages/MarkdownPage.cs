using System.Text;
using System.Text.RegularExpressions;

namespace Sanbashi.Docs.Tests.Pages;

/// <summary>A page taken apart as far as the tests look at it.</summary>
internal sealed partial class MarkdownPage
{
    private MarkdownPage(string path, string text)
    {
        Path = path;
        Text = text;
        Prose = Fence().Replace(text, "");
    }

    /// <summary>Relative to the clone's root.</summary>
    public string Path { get; }

    public string Text { get; }

    /// <summary>Without code blocks.</summary>
    public string Prose { get; }

    public static MarkdownPage Read(string path) => new(path, Clone.Read(path));

    /// <summary>Targets of links and pictures that lie in the clone.</summary>
    public IEnumerable<string> RelativeLinks() => Link().Matches(Prose)
        .Select(match => match.Groups["target"].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

    /// <summary>What links can name after a <c>#</c>, by GitHub's rules.</summary>
    public IReadOnlySet<string> Anchors() => Heading().Matches(Prose).Select(match => Slug(match.Groups["title"].Value)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Lines of shell code blocks and the inline code of the prose.</summary>
    public IEnumerable<string> Commands() =>
        Fence().Matches(Text).Where(match => match.Groups["language"].Value is "sh" or "bash").SelectMany(match => Lines(match.Groups["body"].Value))
            .Concat(InlineCode().Matches(Prose).Select(match => match.Groups["code"].Value));

    /// <summary>Rows of tables, as cells.</summary>
    public IEnumerable<string[]> TableRows() => Prose.Split('\n')
        .Where(line => line.StartsWith('|') && !line.StartsWith("| ---", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Replace("\\|", "\u0001", StringComparison.Ordinal).Split('|').Select(cell => cell.Replace('\u0001', '|').Trim()).ToArray());

    /// <summary>A line that ends in a backslash goes on in the next.</summary>
    private static IEnumerable<string> Lines(string body) => body.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');

    private static string Slug(string title)
    {
        var slug = new StringBuilder();
        foreach (var c in InlineCode().Replace(title, "${code}").ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_')
            {
                slug.Append(c);
            }
            else if (c == ' ')
            {
                slug.Append('-');
            }
        }

        return slug.ToString();
    }

    [GeneratedRegex(@"^```(?<language>\w*)[^\n]*\n(?<body>.*?)^```\s*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"`(?<code>[^`\n]+)`")]
    private static partial Regex InlineCode();
}
