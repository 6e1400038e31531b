using System.Text.RegularExpressions;

namespace Sanbashi.Domain.Tests.Architecture;

/// <summary>The files of this repository, found from where the tests run.</summary>
internal static partial class Sources
{
    public static string Root { get; } = FindRoot();

    /// <summary>Paths below <see cref="Root"/>, with slashes, in order; nothing that a build made.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        var path = Path.Combine(Root, folder);
        if (!Directory.Exists(path))
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file).Replace(Path.DirectorySeparatorChar, '/'))
                .Where(file => !Made().IsMatch(file))
                .Order(StringComparer.Ordinal),
        ];
    }

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sanbashi.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has Sanbashi.slnx: run the tests from a clone of the repository.");
    }

    [GeneratedRegex("(^|/)(bin|obj|artifacts|node_modules|\\.git)/")]
    private static partial Regex Made();
}
