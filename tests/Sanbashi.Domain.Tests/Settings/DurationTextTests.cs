using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Tests.Settings;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("2h", 7200)]
    [InlineData("45", 45)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("1h30m", 5400)]
    [InlineData("1h0m5s", 3605)]
    public void TryParse_WhatPeopleWrite_IsRead(string text, int seconds)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();
        duration.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("m5")]
    [InlineData("5m3")]
    [InlineData("5 m")]
    [InlineData("-5s")]
    [InlineData("+5")]
    [InlineData("1.5h")]
    [InlineData("5d")]
    [InlineData("5ms")]
    [InlineData("5m5m")]
    [InlineData("5s5m")]
    [InlineData("5M")]
    [InlineData("٣s")]
    [InlineData("99999999999999999999")]
    [InlineData("9223372036854775807h")]
    [InlineData("9999999999h")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        DurationText.TryParse(text, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(90, "90s")]
    [InlineData(900, "15m")]
    [InlineData(5400, "90m")]
    [InlineData(86400, "24h")]
    public void Format_Always_UsesTheLargestUnitThatFits(int seconds, string text)
    {
        DurationText.Format(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
        DurationText.TryParse(text, out var back).ShouldBeTrue();
        back.TotalSeconds.ShouldBe(seconds);
    }
}
