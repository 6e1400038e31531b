using System.Text.RegularExpressions;

namespace Sanbashi.Domain.Tests.Architecture;

/// <summary>Nothing in the repository knows the machine it was written on.</summary>
public sealed partial class ForeignPathTests
{
    private static readonly string[] _folders = ["src", "tests", "docs", "bench", "samples", ".ci"];

    [Fact]
    public void Files_FoldersOfOneMachine_AreNotNamed()
    {
        var files = _folders.SelectMany(folder => Sources.Files(folder, "*"))
            .Concat(Directory.EnumerateFiles(Sources.Root).Select(file => Path.GetFileName(file)))
            .Where(file => Text().IsMatch(file));
        var found =
            from file in files
            from line in Sources.Read(file).Split('\n').Index()
            where Foreign().IsMatch(line.Item)
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

        found.ShouldBeEmpty();
    }

    [GeneratedRegex(@"(^|/)[^./]+$|\.(cs|csproj|props|targets|slnx|json|md|sh|py|js|ts|yml|yaml|txt|razor|css|html|editorconfig|gitignore)$")]
    private static partial Regex Text();

    // Written so that this line does not find itself.
    [GeneratedRegex(@"(?<![\w.~$}-])/(work|home/\w+)[/]\w")]
    private static partial Regex Foreign();
}
