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
        var options = new InstallOptions("/", new InstallSettings { H2c = "9000", AllowHostPaths = ["/srv/with blank", "/srv/100%$HOME"], TrustedProxies = ["10.0.0.0/8"], HttpsRedirect = true });
        foreach (var (name, content) in Units.All(options))
        {
            _folder.File(name, content!.Replace(options.Executable, "/bin/true", StringComparison.Ordinal));
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

    [Fact]
    public async Task Install_WithOptionsOfUp_StartsThePlatformWithThem()
    {
        var run = await CommandRun.Cli(
            "install", "--root", _folder.Path, "--region", "eu-central-1", "--account", "123456789012", "--engine", "/run/podman/podman.sock", "--h2c", "9000",
            "--allow-host-path", "/srv/with blank", "--trusted-proxy", "10.0.0.7", "--trusted-proxy", "fd00::/8", "--https-redirect");

        run.ExitCode.ShouldBe(0, run.Error);
        var unit = Unit("sanbashi.service");
        unit.ShouldContain(
            "up --state /var/lib/sanbashi --domain sanbashi.localhost --region eu-central-1 --account 123456789012 --engine unix:///run/podman/podman.sock "
            + "--allow-host-path \"/srv/with blank\" --trusted-proxy 10.0.0.7/32 --trusted-proxy fd00::/8 --https-redirect\n");
        unit.ShouldContain("podman.socket");
        Unit("sanbashi-h2c.socket").ShouldContain("ListenStream=9000");
    }

    [Fact]
    public async Task Install_Again_ChangesOnlyWhatItIsTold()
    {
        (await CommandRun.Cli("install", "--root", _folder.Path, "--domain", "Apps.Example.org", "--http", "8080", "--h2c", "9000", "--https-redirect")).ExitCode.ShouldBe(0);

        (await CommandRun.Cli("install", "--root", _folder.Path, "--h2c", "none", "--https-redirect", "false", "--region", "eu-1")).ExitCode.ShouldBe(0);

        Unit("sanbashi.service").ShouldContain("--domain apps.example.org --region eu-1\n");
        Unit("sanbashi.service").ShouldNotContain("h2c");
        Unit("sanbashi-http.socket").ShouldContain("ListenStream=8080");
        File.Exists(UnitPath("sanbashi-h2c.socket")).ShouldBeFalse();
    }

    [Fact]
    public async Task Install_WithAStore_KeepsItsPasswordOutOfTheUnits()
    {
        var environment = _folder.File("etc/sanbashi/environment", "SANBASHI_LOG_LEVEL=Debug\nSANBASHI_STORE=postgres://old\n");

        (await CommandRun.Cli("install", "--root", _folder.Path, "--store", "postgres://me:secret@db/sanbashi")).ExitCode.ShouldBe(0);

        File.ReadAllLines(environment).ShouldBe(["SANBASHI_LOG_LEVEL=Debug", "SANBASHI_STORE=\"postgres://me:secret@db/sanbashi\""]);
        File.GetUnixFileMode(environment).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Unit("sanbashi.service").ShouldNotContain("secret");
    }

    private string Unit(string name) => File.ReadAllText(UnitPath(name));

    private string UnitPath(string name) => Path.Combine(_folder.Path, "etc/systemd/system", name);
}
