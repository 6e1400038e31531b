using Sanbashi.Domain.Identity;
using Sanbashi.Storage;

namespace Sanbashi.Cli.Tests.Backups;

public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    private string Archive => Path.Combine(_folder.Path, "backup.tar.gz");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Backup_Restored_HasDocumentsAndFilesAgain()
    {
        await MakeState();
        (await CommandRun.Cli("backup", Archive, "--state", State)).ExitCode.ShouldBe(0);
        var restored = Path.Combine(_folder.Path, "restored");

        var run = await CommandRun.Cli("restore", Archive, "--state", restored);

        run.ExitCode.ShouldBe(0, run.Error);
        File.ReadAllText(Path.Combine(restored, "credentials")).ShouldBe("key");
        File.ReadAllText(Path.Combine(restored, "certificates", "authority.key")).ShouldBe("secret");
        File.Exists(Path.Combine(restored, "logs", "x.log")).ShouldBeFalse();
        File.Exists(Path.Combine(restored, "run", "platform.json")).ShouldBeFalse();
        (await Body(restored)).ShouldBe("""{"a":1}""");
    }

    [Fact]
    public async Task Backup_Written_IsTheOwnersOnly()
    {
        await MakeState();

        (await CommandRun.Cli("backup", Archive, "--state", State)).ExitCode.ShouldBe(0);

        File.GetUnixFileMode(Archive).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_folder.Path).ShouldBe([Archive]);
    }

    [Fact]
    public async Task Restore_StateIsThere_IsRefusedUnlessForced()
    {
        await MakeState();
        await CommandRun.Cli("backup", Archive, "--state", State);

        (await CommandRun.Cli("restore", Archive, "--state", State)).ExitCode.ShouldBe(ExitCodes.Conflict);
        var forced = await CommandRun.Cli("restore", Archive, "--state", State, "--force");

        forced.ExitCode.ShouldBe(0, forced.Error);
        Directory.GetDirectories(_folder.Path, "state.before-*").Length.ShouldBe(1);
        (await Body(State)).ShouldBe("""{"a":1}""");
    }

    [Fact]
    public async Task Restore_StateIsAMountPoint_ReplacesWhatIsInIt()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Mounting needs root.");
        await MakeState();
        await CommandRun.Cli("backup", Archive, "--state", State);
        var script = $"""
            mount --bind '{State}' '{State}' && echo other >'{State}/credentials' &&
            '{Built.Executable}' restore '{Archive}' --state '{State}' --force && '{Built.Executable}' backup '{Archive}.2' --state '{State}'
            """;

        var run = await CommandRun.Of("/usr/bin/unshare", ["--mount", "--propagation", "private", "sh", "-c", script]);

        run.ExitCode.ShouldBe(0, run.Error);
        File.ReadAllText(Path.Combine(State, "credentials")).ShouldBe("key");
        File.ReadAllText(Path.Combine(Directory.GetDirectories(State, "before-*").Single(), "credentials")).ShouldBe("other\n");
        (await Body(State)).ShouldBe("""{"a":1}""");
        (await CommandRun.Of("/bin/tar", ["-tzf", $"{Archive}.2"])).Out.ShouldNotContain("before-");
    }

    [Fact]
    public async Task Restore_DamagedFile_LeavesEverythingAsItIs()
    {
        await MakeState();
        await CommandRun.Cli("backup", Archive, "--state", State);
        var bytes = await File.ReadAllBytesAsync(Archive);
        await File.WriteAllBytesAsync(Archive, bytes[..(bytes.Length / 2)]);

        var run = await CommandRun.Cli("restore", Archive, "--state", State, "--force");

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Error.ShouldContain("is not a backup that can be restored");
        (await Body(State)).ShouldBe("""{"a":1}""");
        Directory.GetDirectories(_folder.Path).ShouldBe([State]);
    }

    [Fact]
    public async Task Backup_NoState_SaysWhereItLooked()
    {
        var run = await CommandRun.Cli("backup", Archive, "--state", State);

        run.ExitCode.ShouldBe(ExitCodes.NotFound);
        run.Error.ShouldContain(State);
    }

    private async Task MakeState()
    {
        foreach (var (path, content) in new[] { ("credentials", "key"), ("certificates/authority.key", "secret"), ("logs/x.log", "log"), ("run/other", "x") })
        {
            var full = Path.Combine(State, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            await File.WriteAllTextAsync(full, content);
        }

        await using var store = await DocumentStores.Open(Path.Combine(State, "sanbashi.db"), TimeProvider.System, null, CancellationToken.None);
        await using var lease = await store.AcquireLease("test", _ => { }, CancellationToken.None);
        (await store.Commit([new DocumentWrite(_key, 0, """{"a":1}""")], CancellationToken.None)).ShouldBe(CommitResult.Committed);
    }

    private static readonly DocumentKey _key = new("thing", new ResourceScope("000000000000", "local-1"), "1");

    private static async Task<string?> Body(string state)
    {
        await using var store = await DocumentStores.Open(Path.Combine(state, "sanbashi.db"), TimeProvider.System, null, CancellationToken.None);
        return (await store.Get(_key, CancellationToken.None))?.Body;
    }
}
