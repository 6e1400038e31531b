namespace Sanbashi.Docs.Tests.Pages;

public sealed class LinkTests
{
    [Fact]
    public void Links_OfEveryPage_LeadSomewhere()
    {
        var broken = new List<string>();
        foreach (var page in Clone.Pages.Select(MarkdownPage.Read))
        {
            foreach (var target in page.RelativeLinks())
            {
                var parts = target.Split('#', 2);
                var file = parts[0].Length == 0 ? page.Path : Path.GetRelativePath(Clone.Root, Path.Combine(Clone.Root, Path.GetDirectoryName(page.Path)!, parts[0]));
                if (!Path.Exists(Clone.At(file)))
                {
                    broken.Add($"{page.Path}: {target} is not there");
                }
                else if (parts.Length == 2 && file.EndsWith(".md", StringComparison.Ordinal) && !MarkdownPage.Read(file).Anchors().Contains(parts[1]))
                {
                    broken.Add($"{page.Path}: {file} has no heading #{parts[1]}");
                }
            }
        }

        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Pages_BelowDocs_AreReachedFromTheReadme()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(["README.md"]);
        while (next.TryDequeue(out var path))
        {
            if (!reached.Add(path) || !path.EndsWith(".md", StringComparison.Ordinal) || !File.Exists(Clone.At(path)))
            {
                continue;
            }

            foreach (var target in MarkdownPage.Read(path).RelativeLinks().Select(link => link.Split('#')[0]).Where(link => link.Length > 0))
            {
                next.Enqueue(Path.GetRelativePath(Clone.Root, Path.Combine(Clone.Root, Path.GetDirectoryName(path)!, target)));
            }
        }

        Clone.Pages.Where(page => page.StartsWith("docs/", StringComparison.Ordinal)).ShouldBeSubsetOf(reached);
    }
}
