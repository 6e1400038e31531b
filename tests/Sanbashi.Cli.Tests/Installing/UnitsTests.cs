using Sanbashi.Cli.Installing;

namespace Sanbashi.Cli.Tests.Installing;

public sealed class UnitsTests : IDisposable
{
    private const string Analyze = "/usr/bin/systemd-analyze";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Units_Written_SatisfySystemd()
    {
        if (!File.Exists(Analyze))
        {
            Assert.Skip($"{Analyze} is not installed (Debian package systemd).");
        }

        // The program of the units must exist for the check; everything else is as installed.
        var options = new InstallOptions("/", "127.0.0.1:4600", "80", "443", "sanbashi.localhost");
        foreach (var (name, content) in Units.All(options))
        {
            _folder.File(name, content.Replace(options.Executable, "/bin/true", StringComparison.Ordinal));
        }

        var run = await CommandRun.Of(Analyze, ["verify", "--man=no", .. Directory.GetFiles(_folder.Path)]);

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.Split('\n').Where(line => line.Contains("sanbashi")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Install_OtherRoot_WritesProgramLinksAndUnits()
    {
        var run = await CommandRun.Cli("install", "--root", _folder.Path, "--http", "127.0.0.1:8080");

        run.ExitCode.ShouldBe(0, run.Error);
        File.Exists(Path.Combine(_folder.Path, "opt/sanbashi/current/sanbashi")).ShouldBeTrue();
        new FileInfo(Path.Combine(_folder.Path, "usr/local/bin/sanbashi")).LinkTarget.ShouldBe("/opt/sanbashi/current/sanbashi");
        File.ReadAllText(Path.Combine(_folder.Path, "etc/systemd/system/sanbashi-http.socket")).ShouldContain("ListenStream=127.0.0.1:8080");
        File.GetUnixFileMode(Path.Combine(_folder.Path, "var/lib/sanbashi")).HasFlag(UnixFileMode.SetGroup).ShouldBeTrue();
        (await CommandRun.Of(Path.Combine(_folder.Path, "opt/sanbashi/current/sanbashi"), ["version"])).ExitCode.ShouldBe(0);
    }
}
