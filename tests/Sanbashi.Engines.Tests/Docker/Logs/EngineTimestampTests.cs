using System.Text;
using Sanbashi.Engines.Docker.Logs;

namespace Sanbashi.Engines.Tests.Docker.Logs;

public sealed class EngineTimestampTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:01Z", 1_000_000_000)]
    [InlineData("1970-01-01T00:00:01.000000001Z", 1_000_000_001)]
    [InlineData("1970-01-01T00:00:00.5Z", 500_000_000)]
    [InlineData("1970-01-01T02:00:00.123456789+02:00", 123_456_789)]
    [InlineData("1969-12-31T22:30:00-01:30", 0)]
    [InlineData("2026-11-21T07:50:31.035869604Z", 1_795_247_431_035_869_604)]
    public void TryParse_EnginesForms_AreNanoseconds(string text, long expected)
    {
        EngineTimestamp.TryParse(Encoding.UTF8.GetBytes(text), out var nanoseconds).ShouldBeTrue();
        nanoseconds.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("2026-11-21T07:50:31")]
    [InlineData("2026-11-21T07:50:31.5")]
    [InlineData("2026-13-21T07:50:31Z")]
    [InlineData("2026-11-21T07:50:31Zebra")]
    public void TryParse_Other_IsRefused(string text)
    {
        EngineTimestamp.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();
    }

    [Fact]
    public void Since_Nanoseconds_KeepsAllDigits()
    {
        EngineTimestamp.Since(1_795_247_431_000_000_604).ShouldBe("1795247431.000000604");
        EngineTimestamp.Moment(1_795_247_431_035_869_604).ShouldBe(new DateTimeOffset(2026, 11, 21, 7, 50, 31, TimeSpan.Zero).AddTicks(358_696));
    }
}
