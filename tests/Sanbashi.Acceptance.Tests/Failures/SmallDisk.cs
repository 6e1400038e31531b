using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Failures;

/// <summary>A file system in memory with a bound.</summary>
internal sealed class SmallDisk(string folder) : IAsyncDisposable
{
    public string Folder => folder;

    private string Ballast => Path.Combine(folder, "ballast");

    public static Task<SmallDisk> Mount(int megabytes) => Mount(Directory.CreateTempSubdirectory("sanbashi-disk-").FullName, megabytes);

    public static async Task<SmallDisk> Mount(string folder, int megabytes)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Mounting a small file system needs root.");
        (await Command.Run("/bin/mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder])).ShouldSucceed();
        return new SmallDisk(folder);
    }

    /// <summary>To the last byte.</summary>
    public async Task Fill()
    {
        var block = new byte[64 * 1024];
        await using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = block.Length; size > 0;)
        {
            try
            {
                file.Write(block, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        (await Command.Run("/bin/umount", ["-l", folder])).ShouldSucceed();
        Directory.Delete(folder);
    }
}
