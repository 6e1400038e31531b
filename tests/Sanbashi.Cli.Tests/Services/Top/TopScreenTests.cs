using Sanbashi.Cli.Services.Top;

namespace Sanbashi.Cli.Tests.Services.Top;

public sealed class TopScreenTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private readonly TopHistory _history = new();

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(140)]
    [InlineData(250)]
    public void Services_InATerminalOfAnyWidth_FitAndKeepWhatMattersMost(int width)
    {
        var lines = Screen(width, 24).Services([Busy("shop"), Busy("a-service-with-a-name-that-is-very-long")], TopSort.All[0], _now, null);

        lines.Count.ShouldBe(24);
        lines.ShouldAllBe(line => line.Render(false).Length <= width);
        var text = Text(lines);
        text.ShouldContain("SERVICE");
        text.ShouldContain("REQ/S");
        if (width >= 80)
        {
            text.ShouldContain("P95");
            text.ShouldContain("CPU");
            text.ShouldContain("●2 ○1");
            text.ShouldContain("▁");
        }
    }

    [Fact]
    public void Services_ByRequests_HaveTheBusiestFirst()
    {
        var sort = TopSort.All.Single(sort => sort.Key == 'r');

        sort.Order([Busy("a") with { Requests = 1 }, Busy("b") with { Requests = 9 }]).Select(service => service.Name).ShouldBe(["b", "a"]);
    }

    [Fact]
    public void Services_MoreThanFit_AreCounted() =>
        Text(Screen(100, 10).Services([.. Enumerable.Range(0, 30).Select(number => Busy($"s{number}"))], TopSort.All[0], _now, null)).ShouldContain("25 more");

    [Fact]
    public void Service_WithHistory_ShowsIt()
    {
        for (var look = 1; look <= 8; look++)
        {
            _history.Add([Busy("shop") with { P95 = look * 10 }]);
        }

        var text = Text(Screen(80, 24).Service(Busy("shop"), _now, null));

        text.ShouldContain("▁▂▃▄▅▆▇█");
        text.ShouldContain("○ 1 frozen");
    }

    [Fact]
    public void Problem_TakesTheLastLine() =>
        Screen(80, 10).Services([], TopSort.All[0], _now, "No platform answers.")[^1].Render(false).ShouldContain("No platform answers.");

    [Theory]
    [InlineData(0, "·")]
    [InlineData(0.25, "0.3")]
    [InlineData(1234, "1234")]
    [InlineData(56_789, "57k")]
    public void Rate_IsShort(double value, string text) => TopText.Rate(value).ShouldBe(text);

    [Fact]
    public void Sparkline_OfValues_EndsWithTheNewest()
    {
        Sparkline.Of([0, 1, 4, 8], 6).ShouldBe("   ▁▄█");
        Sparkline.Of([9, 9, 1, 2], 2, top: 8).ShouldBe("▁▂");
        Sparkline.Pairs([100, 1, 2, 3, 4]).ShouldBe([3, 7]);
    }

    private TopScreen Screen(int width, int height) => new(width, height, _history, "local-1");

    private static string Text(IReadOnlyList<TopLine> lines) => string.Join('\n', lines.Select(line => line.Render(false)));

    private static TopService Busy(string name) => new()
    {
        Name = name, Status = "RUNNING", Requests = 84.2, P50 = 12, P95 = 80, P99 = 1400, InFlight = 4, Active = 2, Frozen = 1, Cpu = 23, CpuCores = 0.46, Memory = 61,
        MemoryBytes = 400_000_000, RequestHistory = [.. Enumerable.Range(1, 120).Select(second => (double)(second % 9))],
    };
}
