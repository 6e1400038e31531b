namespace Sanbashi.Docs.Tests;

/// <summary>The clone that these tests were built from: its pages and its other tracked texts.</summary>
internal static class Clone
{
    /// <summary>Folders that hold what was built or fetched, wherever they are.</summary>
    private static readonly string[] _notSources = [".git", "artifacts", "bin", "obj", "node_modules", ".vs", ".vscode", ".idea"];

    public static string Root { get; } = FindRoot();

    /// <summary>Markdown pages, relative to the root.</summary>
    public static IReadOnlyList<string> Pages { get; } = [.. Files().Where(file => file.EndsWith(".md", StringComparison.Ordinal))];

    public static string At(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(At(relative));

    /// <summary>Everything but what was built, relative to the root, in order.</summary>
    public static IEnumerable<string> Files() => FilesBelow(Root).Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != ".git").Concat(
            Directory.EnumerateDirectories(folder).Where(inner => !_notSources.Contains(Path.GetFileName(inner))).SelectMany(FilesBelow));

    // The path of this source file is mapped away by deterministic builds; the program's own place is below the root.
    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sanbashi.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is not inside a clone: no folder above it holds Sanbashi.slnx.");
    }
}
