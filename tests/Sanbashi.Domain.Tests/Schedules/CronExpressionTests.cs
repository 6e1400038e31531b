using System.Globalization;
using Sanbashi.Domain.Schedules;

namespace Sanbashi.Domain.Tests.Schedules;

public sealed class CronExpressionTests
{
    private static readonly TimeZoneInfo _berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("0 8 * * MON-FRI", "2026-06-12T08:00Z", "2026-06-15T08:00Z")]
    [InlineData("0 8 any any 1-5", "2026-06-12T07:59Z", "2026-06-12T08:00Z")]
    [InlineData("*/20 9 * * *", "2026-06-12T09:20Z", "2026-06-12T09:40Z")]
    [InlineData("5,35 9,17 * * *", "2026-06-12T09:35Z", "2026-06-12T17:05Z")]
    [InlineData("5+35 9+17 any any any", "2026-06-12T09:35Z", "2026-06-12T17:05Z")]
    [InlineData("0 0 1 * *", "2026-06-12T00:00Z", "2026-07-01T00:00Z")]
    [InlineData("0 0 * * 7", "2026-06-12T00:00Z", "2026-06-14T00:00Z")]
    [InlineData("0 0 13 * MON", "2026-06-12T00:00Z", "2026-06-13T00:00Z")]
    [InlineData("0 0 13 * MON", "2026-06-13T00:00Z", "2026-06-15T00:00Z")]
    [InlineData("30 6 * jul sun", "2026-06-12T00:00Z", "2026-07-05T06:30Z")]
    public void Next_Expression_IsTheFirstMomentAfter(string expression, string after, string next)
    {
        var cron = Parse(expression);
        cron.Next(At(after), TimeZoneInfo.Utc).ShouldBe(At(next));
        cron.Last(At(after), At(next), TimeZoneInfo.Utc).ShouldBe(At(next));
    }

    [Fact]
    public void Next_BeyondTheHorizon_IsLeftForLater() => Parse("0 0 29 FEB *").Next(At("2026-06-12T00:00Z"), TimeZoneInfo.Utc).ShouldBeNull();

    /// <summary>On 29 March 2026 clocks in Berlin go from 02:00 to 03:00.</summary>
    [Fact]
    public void Next_SkippedHour_HappensWhenTheClockGoesOn()
    {
        Parse("30 2 * * *").Next(At("2026-03-28T12:00Z"), _berlin).ShouldBe(At("2026-03-29T01:00Z"));
        Parse("30 2 * * *").Next(At("2026-03-29T01:00Z"), _berlin).ShouldBe(At("2026-03-30T00:30Z"));
        Parse("0 8 * * *").Next(At("2026-03-28T12:00Z"), _berlin).ShouldBe(At("2026-03-29T06:00Z"));
    }

    /// <summary>On 25 October 2026 clocks in Berlin go from 03:00 back to 02:00.</summary>
    [Fact]
    public void Next_DoubledHour_HappensTheFirstTime()
    {
        Parse("30 2 * * *").Next(At("2026-10-24T12:00Z"), _berlin).ShouldBe(At("2026-10-25T00:30Z"));
        Parse("30 2 * * *").Next(At("2026-10-25T00:30Z"), _berlin).ShouldBe(At("2026-10-26T01:30Z"));
        Parse("0 8 * * *").Next(At("2026-10-24T12:00Z"), _berlin).ShouldBe(At("2026-10-25T07:00Z"));
    }

    [Fact]
    public void NextAndLast_EveryMoment_AgreeWithEachOther()
    {
        var random = new Random(815);
        foreach (var zone in new[] { _berlin, TimeZoneInfo.FindSystemTimeZoneById("Australia/Lord_Howe"), TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia") })
        {
            foreach (var expression in new[] { "30 2 * * *", "*/30 0-3 * * SAT,SUN", "15 23 * * *" })
            {
                var cron = Parse(expression);
                for (var round = 0; round < 40; round++)
                {
                    var now = At("2026-01-01T00:00Z").AddMinutes(random.Next(0, 365 * 24 * 60));
                    var next = cron.Next(now, zone).ShouldNotBeNull();
                    next.ShouldBeGreaterThan(now);
                    cron.Last(now, next, zone).ShouldBe(next);
                    cron.Last(now, next.AddTicks(-1), zone).ShouldBeNull();
                }
            }
        }
    }

    [Theory]
    [InlineData("0 8 * *", "five fields")]
    [InlineData("60 8 * * *", "minute")]
    [InlineData("0 24 * * *", "hour")]
    [InlineData("0 8 0 * *", "day of the month")]
    [InlineData("0 8 * JANUARY *", "month")]
    [InlineData("0 8 * * 8", "week")]
    [InlineData("0 8 * * FRI-MON", "week")]
    [InlineData("0 8 * * ,", "week")]
    [InlineData("*/0 8 * * *", "minute")]
    [InlineData("1/2/3 8 * * *", "minute")]
    [InlineData("0 8 31 FEB *", "never comes")]
    public void Parse_WhatIsNoExpression_SaysWhatIsWrong(string expression, string problem)
    {
        CronExpression.Parse(expression.Split(' '), out var found).ShouldBeNull();
        found.ShouldContain(problem);
    }

    private static CronExpression Parse(string expression) => CronExpression.Parse(expression.Split(' '), out _).ShouldNotBeNull();

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
