using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sanbashi.Acceptance.Tests.Images;

/// <summary>What a .NET program needs in an image without a distribution: this machine's host, shared frameworks and the native libraries they link to.</summary>
internal static partial class RuntimeFiles
{
    public const string DotnetPath = "/usr/share/dotnet/dotnet";

    private static readonly string[] _debugging = ["libmscordaccore.so", "libmscordbi.so", "libcoreclrtraceptprovider.so", "createdump"];

    /// <summary>The native libraries that are loaded by name and therefore not in any program's list; hashes come from the second pair.</summary>
    private static readonly string[] _loadedByName = ["libssl.so.3", "libcrypto.so.3"];

    /// <summary>Path in the image, path on the machine; ordered.</summary>
    public static IReadOnlyList<(string Target, string Source)> Gather()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var web = Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location)!;
        var root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        var hostResolver = Path.Combine(root, "host", "fxr", Path.GetFileName(runtime), "libhostfxr.so");
        List<string> dotnet = [Path.Combine(root, "dotnet"), hostResolver, .. Files(runtime), .. Files(web)];
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in dotnet)
        {
            files[Path.Combine(Path.GetDirectoryName(DotnetPath)!, Path.GetRelativePath(root, file))] = file;
        }

        foreach (var library in dotnet.Where(file => file.EndsWith(".so", StringComparison.Ordinal)).Prepend(dotnet[0]).SelectMany(Libraries).Distinct())
        {
            files[library] = library;
        }

        var libraryFolder = Path.GetDirectoryName(files.Keys.First(path => path.EndsWith("/libc.so.6", StringComparison.Ordinal)))!;
        foreach (var library in _loadedByName.Select(name => Path.Combine(libraryFolder, name)).Where(File.Exists))
        {
            files[library] = library;
        }

        return [.. files.Select(file => (file.Key, file.Value))];
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => !_debugging.Contains(Path.GetFileName(file)));

    /// <summary>The native libraries that a program or library is linked to.</summary>
    public static IEnumerable<string> Libraries(string program)
    {
        using var ldd = Process.Start(new ProcessStartInfo("ldd", [program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = ldd.StandardOutput.ReadToEnd();
        ldd.WaitForExit();
        return AbsolutePath().Matches(output).Select(match => match.Groups[1].Value);
    }

    [GeneratedRegex(@"(?:=>\s*|^\s*)(/\S+) \(0x", RegexOptions.Multiline)]
    private static partial Regex AbsolutePath();
}
