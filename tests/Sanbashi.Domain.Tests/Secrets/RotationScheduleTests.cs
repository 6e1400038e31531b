using System.Globalization;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.Domain.Tests.Secrets;

public sealed class RotationScheduleTests
{
    [Theory]
    [InlineData("rate(4 hours)", "2026-11-21T12:30")]
    [InlineData("rate(1 day)", "2026-11-22T08:30")]
    [InlineData("rate(10 days)", "2026-12-01T08:30")]
    [InlineData("cron(0 9 * * ? *)", "2026-11-21T09:00")]
    [InlineData("cron(0 8 * * ? *)", "2026-11-22T08:00")]
    [InlineData("cron(0 */4 * * ? *)", "2026-11-21T12:00")]
    [InlineData("cron(0 8 1 * ? *)", "2026-12-01T08:00")]
    [InlineData("cron(0 16 L * ? *)", "2026-11-30T16:00")]
    [InlineData("cron(0 0 ? * MON-FRI *)", "2026-11-23T00:00")]
    [InlineData("cron(0 0 ? * 1L *)", "2026-11-29T00:00")]
    [InlineData("cron(0 8 ? 1/3 SUN#1 *)", "2027-01-03T08:00")]
    [InlineData("cron(0 8 15W JAN,AUG ? *)", "2027-01-15T08:00")]
    [InlineData("cron(0 8 1W AUG ? *)", "2027-08-02T08:00")]
    [InlineData("cron(0 8 29 2 ? *)", "2028-02-29T08:00")]
    public void Next_AfterANovemberSaturday_IsTheFirstTimeOfTheSchedule(string expression, string expected)
    {
        RotationSchedule.TryParse(expression, out var schedule, out var problem).ShouldBeTrue(problem);

        schedule!.Next(new DateTimeOffset(2026, 11, 21, 8, 30, 0, TimeSpan.Zero))!.Value
            .ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture).ShouldBe(expected);
    }

    [Theory]
    [InlineData("rate(3 hours)", "from 4 hours")]
    [InlineData("rate(1000 days)", "to 999 days")]
    [InlineData("rate(99999999999 days)", "whole number")]
    [InlineData("rate(10 minutes)", "is neither")]
    [InlineData("cron(5 8 * * ? *)", "0 in its minutes field")]
    [InlineData("cron(0 8 * * ? 2027)", "* in its year field")]
    [InlineData("cron(0 8 * * * *)", "? in one of")]
    [InlineData("cron(0 8 ? * ? *)", "? in one of")]
    [InlineData("cron(0 24 * * ? *)", "cannot be read")]
    [InlineData("cron(0 8 * 13 ? *)", "cannot be read")]
    [InlineData("cron(0 8 5-1 * ? *)", "cannot be read")]
    [InlineData("cron(0 /4 */0 * ? *)", "cannot be read")]
    [InlineData("cron(0 8 31 2 ? *)", "never comes")]
    [InlineData("cron(0 8 * *)", "six fields")]
    [InlineData("daily", "is neither")]
    public void TryParse_WhatIsNoSchedule_SaysWhy(string expression, string reason)
    {
        RotationSchedule.TryParse(expression, out var schedule, out var problem).ShouldBeFalse();
        schedule.ShouldBeNull();
        problem.ShouldContain(reason);
    }

    [Fact]
    public void Next_OfARotation_CountsFromTheLastOne()
    {
        var since = new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
        var rotation = new SecretRotation { Since = since, IsEnabled = true, AutomaticallyAfterDays = 30 };

        rotation.Next(null).ShouldBe(since.AddDays(30));
        rotation.Next(since.AddDays(-5)).ShouldBe(since.AddDays(30));
        rotation.Next(since.AddDays(3)).ShouldBe(since.AddDays(33));
        (rotation with { IsEnabled = false }).Next(null).ShouldBeNull();
        (rotation with { AutomaticallyAfterDays = null }).Next(null).ShouldBeNull();
    }
}
