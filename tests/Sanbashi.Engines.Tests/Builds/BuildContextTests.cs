using System.Diagnostics;
using System.Formats.Tar;

namespace Sanbashi.Engines.Tests.Builds;

public sealed class BuildContextTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sanbashi-context-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task WriteTar_IgnoreFile_LeavesOutAllButDockerfileAndItself()
    {
        Add("Dockerfile", "FROM scratch");
        Add(".dockerignore", "*\n!src\nsrc/*.log");
        Add("src/app.txt", "app");
        Add("src/x.log", "log");
        Add("secret", "secret");

        var (name, entries) = await Write("Dockerfile");

        name.ShouldBe("Dockerfile");
        entries.Select(entry => entry.Name).ShouldBe([".dockerignore", "Dockerfile", "src/", "src/app.txt"]);
    }

    [Fact]
    public async Task WriteTar_DockerfileWithIgnoreFileOfItsOwn_UsesThat()
    {
        Add("docker/web", "FROM scratch");
        Add("docker/web.dockerignore", "a");
        Add(".dockerignore", "b");
        Add("a", "");
        Add("b", "");

        var (name, entries) = await Write("docker/web");

        name.ShouldBe("docker/web");
        entries.Select(entry => entry.Name).ShouldBe([".dockerignore", "b", "docker/", "docker/web", "docker/web.dockerignore"]);
    }

    [Fact]
    public async Task WriteTar_DockerfileOutside_IsWrittenUnderANameOfOurs()
    {
        Add("context/a", "a");
        Add("Dockerfile", "FROM scratch");

        using var stream = new MemoryStream();
        var name = await BuildContext.WriteTar(Path.Combine(_root, "context"), "../Dockerfile", stream);

        Read(stream).Select(entry => entry.Name).ShouldBe(["a", name]);
    }

    [Fact]
    public async Task WriteTar_LinksAndModes_AreKept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are of Unix");
        Add("Dockerfile", "FROM scratch");
        Add("run.sh", "#!/bin/sh");
        File.SetUnixFileMode(Path.Combine(_root, "run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Path.Combine(_root, "link"), "run.sh");
        Directory.CreateSymbolicLink(Path.Combine(_root, "up"), "..");
        File.CreateSymbolicLink(Path.Combine(_root, "dangling"), "nowhere");

        var (_, entries) = await Write("Dockerfile");

        entries.First(entry => entry.Name == "run.sh").Mode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserExecute);
        entries.Where(entry => entry.EntryType == TarEntryType.SymbolicLink).Select(entry => (entry.Name, entry.LinkName))
            .ShouldBe([("dangling", "nowhere"), ("link", "run.sh"), ("up", "..")]);
    }

    [Fact]
    public async Task WriteTar_NamedPipe_IsLeftOutAndNotWaitedFor()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "there is no mkfifo");
        Add("Dockerfile", "FROM scratch");
        Add("empty", "");
        using (var make = Process.Start("/usr/bin/mkfifo", [Path.Combine(_root, "pipe")]))
        {
            await make.WaitForExitAsync();
        }

        var (_, entries) = await Write("Dockerfile");

        entries.Select(entry => entry.Name).ShouldBe(["Dockerfile", "empty"]);
    }

    [Fact]
    public async Task WriteTar_NothingThere_SaysWhat()
    {
        (await Should.ThrowAsync<FileNotFoundException>(() => Write("Dockerfile"))).Message.ShouldContain(Path.Combine(_root, "Dockerfile"));
        await Should.ThrowAsync<DirectoryNotFoundException>(() => BuildContext.WriteTar(Path.Combine(_root, "none"), "Dockerfile", Stream.Null));
    }

    private void Add(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task<(string Name, List<TarEntry> Entries)> Write(string dockerfile)
    {
        var stream = new MemoryStream();
        var name = await BuildContext.WriteTar(_root, dockerfile, stream);
        return (name, Read(stream));
    }

    private static List<TarEntry> Read(MemoryStream stream)
    {
        stream.Position = 0;
        using var reader = new TarReader(stream);
        var entries = new List<TarEntry>();
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }
}
