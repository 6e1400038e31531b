namespace Sanbashi.Cli.Tests;

/// <summary>What the build made, found from where the tests lie.</summary>
internal static class Built
{
    /// <summary>The executable under test: <c>artifacts/bin/Sanbashi.Cli/&lt;configuration&gt;/sanbashi</c>.</summary>
    public static string Executable { get; } = FindExecutable();

    /// <summary>The root of the clone.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Executable)!, "..", "..", "..", ".."));

    private static string FindExecutable()
    {
        var own = AppContext.BaseDirectory.TrimEnd('/');
        var path = Path.GetFullPath(Path.Combine(own, "..", "..", "Sanbashi.Cli", Path.GetFileName(own), "sanbashi"));
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there; build the solution first: dotnet build");
    }
}
