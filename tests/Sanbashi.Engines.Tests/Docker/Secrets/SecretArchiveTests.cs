using System.Formats.Tar;
using Sanbashi.Engines.Docker.Secrets;

namespace Sanbashi.Engines.Tests.Docker.Secrets;

public sealed class SecretArchiveTests
{
    [Fact]
    public async Task Of_Files_AreTheUsersAlone()
    {
        using var archive = new MemoryStream(SecretArchive.Of(new Dictionary<string, string> { ["B"] = "two", ["A"] = "one\nline" }, 1000));
        await using var reader = new TarReader(archive);

        foreach (var (name, text) in new[] { ("A", "one\nline"), ("B", "two") })
        {
            var entry = reader.GetNextEntry()!;
            entry.Name.ShouldBe(name);
            entry.Uid.ShouldBe(1000);
            entry.Mode.ShouldBe(UnixFileMode.UserRead);
            new StreamReader(entry.DataStream!).ReadToEnd().ShouldBe(text);
        }

        reader.GetNextEntry().ShouldBeNull();
        archive.Position = 0;
        (await SecretArchive.ReadText(archive, TestContext.Current.CancellationToken)).ShouldBe("one\nline");
    }
}
