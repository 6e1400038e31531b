using Sanbashi.Cli.Logs;

namespace Sanbashi.Cli.Tests.Logs;

public sealed class LogMomentTests
{
    private static readonly FixedTime _clock = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Parse_Duration_IsBeforeNow() => LogMoment.Parse("90m", false, _clock).ShouldBe(_clock.GetUtcNow().AddMinutes(-90));

    [Fact]
    public void Parse_Time_IsThatTime() => LogMoment.Parse("2026-11-21T10:00:00Z", false, _clock).ShouldBe(_clock.GetUtcNow().AddHours(-2));

    [Fact]
    public void Parse_Nothing_IsEverything() => LogMoment.Parse(null, false, _clock).ShouldBeNull();

    [Fact]
    public void Parse_NothingWhenFollowing_IsTheRecentPast() => LogMoment.Parse(null, true, _clock).ShouldBe(_clock.GetUtcNow().AddMinutes(-10));

    [Fact]
    public void Parse_SomethingElse_SaysWhatIsAccepted() =>
        Should.Throw<FormatException>(() => LogMoment.Parse("yesterday-ish", false, _clock)).Message.ShouldContain("10m");

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
