using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Tests.Supervision;

public sealed class RotatingLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "logs", "a.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Line_IsStamped()
    {
        using (var log = new RotatingLog(Path, 1000, 2, TimeProvider.System))
        {
            log.Write("hello");
        }

        File.ReadAllText(Path).ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z hello\n$");
    }

    [Fact]
    public void Write_BeyondTheSize_RotatesAndKeepsTheNewest()
    {
        using var log = new RotatingLog(Path, 100, 2, TimeProvider.System);
        for (var i = 0; i < 20; i++)
        {
            log.Write($"line {i:00}");
        }

        Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!).Select(System.IO.Path.GetFileName).Order().ShouldBe(["a.log", "a.log.1", "a.log.2"]);
        File.ReadAllText(Path).ShouldContain("line 19");
        new FileInfo(Path).Length.ShouldBeLessThanOrEqualTo(100);
        File.ReadAllText(Path + ".2").ShouldNotContain("line 00");
    }

    [Fact]
    public void Write_AfterAReopen_GoesOn()
    {
        for (var i = 0; i < 2; i++)
        {
            using var log = new RotatingLog(Path, 1000, 2, TimeProvider.System);
            log.Write($"start {i}");
        }

        File.ReadAllLines(Path).Length.ShouldBe(2);
    }

    [Fact]
    public void Write_FullDisk_CountsWhatIsLostAndGoesOn()
    {
        using var log = new RotatingLog("/dev/full", 1000, 2, TimeProvider.System);

        log.Write("one");
        log.Write("two");

        log.Lost.ShouldBe(2);
    }
}
