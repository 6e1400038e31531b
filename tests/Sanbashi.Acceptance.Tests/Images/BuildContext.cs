using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace Sanbashi.Acceptance.Tests.Images;

/// <summary>The files that an image is built from, in order, with a hash that names them.</summary>
internal sealed class BuildContext
{
    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly List<(string Path, Func<Stream> Open)> _files = [];

    public BuildContext AddText(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        _files.Add((path, () => new MemoryStream(bytes, writable: false)));
        return this;
    }

    public BuildContext AddFile(string path, string source)
    {
        _files.Add((path, () => File.OpenRead(source)));
        return this;
    }

    /// <summary>12 hex digits that change with any path or content.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, open) in _files)
        {
            using var content = open();
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    /// <summary>The tar as a file that is gone when the stream is closed.</summary>
    public Stream Archive()
    {
        var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        using (var writer = new TarWriter(file, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, open) in _files)
            {
                using var content = open();
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path.TrimStart('/')) { Mode = Executable, ModificationTime = DateTimeOffset.UnixEpoch, DataStream = content });
            }
        }

        file.Position = 0;
        return file;
    }
}
