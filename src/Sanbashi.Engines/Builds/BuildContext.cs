using System.Formats.Tar;
using Sanbashi.Engines.Builds;

namespace Sanbashi.Engines;

/// <summary>Makes a folder into the tar stream that <see cref="IContainerEngine.BuildImage"/> takes.</summary>
public static class BuildContext
{
    private const string OutsideDockerfile = ".sanbashi.Dockerfile";

    /// <summary>
    /// Writes the files of a folder that <c>.dockerignore</c> lets through (<c>NAME.dockerignore</c> beside the Dockerfile goes first); Dockerfile and ignore
    /// file are always written. Links are kept as links; sockets and devices are left out. Owners are left out, so that equal files give equal images.
    /// </summary>
    /// <param name="directory">The context's root.</param>
    /// <param name="dockerfile">Relative to the root, or absolute. May lie outside of the root: then it is written under a name of ours.</param>
    /// <returns>The Dockerfile's path within the context, for <see cref="ImageBuildOptions.Dockerfile"/>.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There is no such Dockerfile.</exception>
    public static async Task<string> WriteTar(string directory, string dockerfile, Stream output, CancellationToken cancellationToken = default)
    {
        var root = new DirectoryInfo(Path.GetFullPath(directory));
        if (!root.Exists)
        {
            throw new DirectoryNotFoundException($"The build context {root.FullName} is not a folder. Name the folder that holds the Dockerfile.");
        }

        var dockerfilePath = Path.GetFullPath(dockerfile, root.FullName);
        if (!File.Exists(dockerfilePath))
        {
            throw new FileNotFoundException($"There is no Dockerfile at {dockerfilePath}. Add one, or name it.", dockerfilePath);
        }

        var relative = Path.GetRelativePath(root.FullName, dockerfilePath).Replace(Path.DirectorySeparatorChar, '/');
        var isOutside = relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative);
        var name = isOutside ? OutsideDockerfile : relative;

        var (ignoreFile, patterns) = ReadIgnoreFile(root.FullName, dockerfilePath);
        HashSet<string> always = ignoreFile is null ? [name] : [name, ignoreFile];
        await using var writer = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        await WriteDirectory(writer, root, "", patterns, always, cancellationToken).ConfigureAwait(false);
        if (isOutside)
        {
            await WriteEntry(writer, new FileInfo(dockerfilePath), name, cancellationToken).ConfigureAwait(false);
        }

        return name;
    }

    private static (string? Name, IgnorePatterns Patterns) ReadIgnoreFile(string root, string dockerfilePath)
    {
        var own = dockerfilePath + ".dockerignore";
        if (File.Exists(own))
        {
            return (Path.GetRelativePath(root, own).Replace(Path.DirectorySeparatorChar, '/'), new IgnorePatterns(File.ReadLines(own)));
        }

        var common = Path.Combine(root, ".dockerignore");
        return File.Exists(common) ? (".dockerignore", new IgnorePatterns(File.ReadLines(common))) : (null, new IgnorePatterns([]));
    }

    private static async Task WriteDirectory(
        TarWriter writer, DirectoryInfo directory, string prefix, IgnorePatterns patterns, HashSet<string> always, CancellationToken cancellationToken)
    {
        foreach (var item in directory.EnumerateFileSystemInfos().OrderBy(item => item.Name, StringComparer.Ordinal))
        {
            var path = prefix + item.Name;
            var isIgnored = patterns.Ignores(path) && !always.Contains(path);
            if (item is DirectoryInfo { LinkTarget: null } inner)
            {
                if (!isIgnored)
                {
                    await WriteEntry(writer, inner, path + "/", cancellationToken).ConfigureAwait(false);
                }

                // An ignored folder may hold exceptions, or the Dockerfile.
                if (!isIgnored || patterns.HasExceptions || always.Any(name => name.StartsWith(path + "/", StringComparison.Ordinal)))
                {
                    await WriteDirectory(writer, inner, path + "/", patterns, always, cancellationToken).ConfigureAwait(false);
                }
            }
            else if (!isIgnored)
            {
                await WriteEntry(writer, item, path, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task WriteEntry(TarWriter writer, FileSystemInfo item, string path, CancellationToken cancellationToken)
    {
        if (item.LinkTarget is { } target)
        {
            await writer.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target, ModificationTime = item.LastWriteTimeUtc }, cancellationToken).ConfigureAwait(false);
            return;
        }

        var isDirectory = item is DirectoryInfo;
        if (item is FileInfo { Length: 0 } empty && !await IsRegular(empty, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var mode = OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead : item.UnixFileMode;
        var entry = new PaxTarEntry(isDirectory ? TarEntryType.Directory : TarEntryType.RegularFile, path) { Mode = mode, ModificationTime = item.LastWriteTimeUtc };
        if (isDirectory)
        {
            await writer.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
            return;
        }

        await using var content = new FileStream(item.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        entry.DataStream = content;
        await writer.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Pipes, sockets and devices look like empty files, and opening one may wait forever; a tar writer tells them apart without opening.</summary>
    private static async Task<bool> IsRegular(FileInfo file, CancellationToken cancellationToken)
    {
        using var probe = new MemoryStream();
        try
        {
            await using (var writer = new TarWriter(probe, TarEntryFormat.Pax, leaveOpen: true))
            {
                await writer.WriteEntryAsync(file.FullName, "probe", cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            return false;
        }

        probe.Position = 0;
        using var reader = new TarReader(probe);
        return (await reader.GetNextEntryAsync(cancellationToken: cancellationToken).ConfigureAwait(false))?.EntryType == TarEntryType.RegularFile;
    }
}
