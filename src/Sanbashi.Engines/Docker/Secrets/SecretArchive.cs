using System.Formats.Tar;
using System.Text;

namespace Sanbashi.Engines.Docker.Secrets;

/// <summary>Files as engines take and give them. Pure.</summary>
internal static class SecretArchive
{
    /// <summary>What is read of a list of users at most, in characters.</summary>
    private const int LongestList = 1 << 20;

    /// <summary>Each readable by this user alone.</summary>
    public static byte[] Of(IReadOnlyDictionary<string, string> files, int userId)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, value) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    Mode = UnixFileMode.UserRead,
                    Uid = userId,
                    Gid = 0,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(value), writable: false),
                });
            }
        }

        return archive.ToArray();
    }

    /// <summary>The text of the only file of an archive; null when it has none.</summary>
    public static async Task<string?> ReadText(Stream archive, CancellationToken cancellationToken)
    {
        await using var reader = new TarReader(archive, leaveOpen: true);
        if (await reader.GetNextEntryAsync(copyData: true, cancellationToken).ConfigureAwait(false) is not { DataStream: { } content })
        {
            return null;
        }

        using var text = new StreamReader(content);
        var buffer = new char[Math.Min(content.Length, LongestList)];
        var length = await text.ReadBlockAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
        return new string(buffer, 0, length);
    }
}
