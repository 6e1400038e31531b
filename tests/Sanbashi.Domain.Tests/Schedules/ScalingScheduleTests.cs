using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Schedules;
using Sanbashi.Domain.Settings;
using Sanbashi.Domain.Tests.Deployments;

namespace Sanbashi.Domain.Tests.Schedules;

public sealed class ScalingScheduleTests
{
    /// <summary>A Friday, 17:00 in Tokyo.</summary>
    private static readonly DateTimeOffset _now = Given.Now;

    [Fact]
    public void At_WithinAnEntry_IsItsNumberUntilItsEnd()
    {
        var schedule = Schedule("5 at 0 8 any any MON-FRI for 10h Asia/Tokyo");

        schedule.At(_now).ShouldBe(new ScheduledMinimum(5, "5 at 0 8 any any MON-FRI for 10h Asia/Tokyo", _now.AddHours(1)));
        schedule.At(_now.AddHours(1)).ShouldBe(new ScheduledMinimum(0, null, _now.AddHours(15 + 48)));
        schedule.At(_now.AddHours(15 + 48)).Instances.ShouldBe(5);
    }

    [Fact]
    public void At_SeveralEntries_IsTheLargestThatHolds()
    {
        var schedule = Schedule("2 at 0 0 any any any for 24h + 7 at 30 8 any any any for 30m");

        schedule.At(_now).ShouldBe(new ScheduledMinimum(2, "2 at 0 0 any any any for 24h UTC", _now.AddMinutes(30)));
        schedule.At(_now.AddMinutes(30)).ShouldBe(new ScheduledMinimum(7, "7 at 30 8 any any any for 30m UTC", _now.AddMinutes(60)));
        schedule.At(_now.AddMinutes(60)).Instances.ShouldBe(2);
    }

    [Fact]
    public void At_OverTheHourThatIsDoubled_LastsAsLongAsItSays()
    {
        var schedule = Schedule("3 at 30 2 any any any for 1h Europe/Berlin");
        var start = new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero);

        schedule.At(start.AddTicks(-1)).Instances.ShouldBe(0);
        schedule.At(start).Instances.ShouldBe(3);
        schedule.At(start.AddHours(1).AddTicks(-1)).Instances.ShouldBe(3);
        schedule.At(start.AddHours(1)).Instances.ShouldBe(0);
    }

    [Fact]
    public void At_NoEntries_NeverChanges() => ScalingSchedule.None.At(_now).ShouldBe(ScheduledMinimum.None);

    [Theory]
    [InlineData(" 5  at 0 8 * * MON-FRI for 600m ", "5 at 0 8 * * MON-FRI for 10h UTC")]
    [InlineData("5 at 0 8 any any any for 36000 Asia/Tokyo + 1 at 0 0 1 any any for 24h", "5 at 0 8 any any any for 10h Asia/Tokyo + 1 at 0 0 1 any any for 24h UTC")]
    public void Read_Entries_HaveANormalForm(string text, string normal)
    {
        SettingsCatalog.Find("schedule")!.Read(text, ServiceSettings.Default).Value.ShouldBe(normal);
        SettingsCatalog.Find("schedule")!.Read(normal, ServiceSettings.Default).Value.ShouldBe(normal);
    }

    [Theory]
    [InlineData("", "not of the form")]
    [InlineData("5 from 0 8 * * * for 10h", "not of the form")]
    [InlineData("5 at 0 8 * * for 10h", "not of the form")]
    [InlineData("0 at 0 8 * * * for 10h", "from 1 to 1000")]
    [InlineData("5 at 0 25 * * * for 10h", "hour")]
    [InlineData("5 at 0 8 * * * for 8d", "not a duration from 1m to 168h")]
    [InlineData("5 at 0 8 * * * for 10h Asia/Tokio", "no time zone 'Asia/Tokio'")]
    [InlineData("5 at 0 8 * * * for 10h ../../etc/passwd", "no time zone")]
    [InlineData("5 at 0 8 * * * for 10h /etc/localtime", "no time zone")]
    public void Read_WhatIsNoSchedule_SaysWhatIsWrong(string text, string problem) =>
        SettingsCatalog.Find("schedule")!.Read(text, ServiceSettings.Default).Problem.ShouldNotBeNull().ShouldContain(problem);

    [Fact]
    public void Plan_ScheduledMinimum_StartsInstancesAndNamesItsEnd()
    {
        var running = Given.Running();
        var scheduled = running with { Settings = running.Settings with { Schedule = Schedule("3 at 0 8 any any any for 1h"), Idle = IdleMode.Active } };
        scheduled = scheduled with { Demand = new ServiceDemand { KnownSince = _now.AddHours(-1) } };

        scheduled.Plan().Actions.OfType<StartInstance>().Count().ShouldBe(2);
        scheduled.Plan().Scale!.Provisioned.ShouldBe(3);
        scheduled.Plan().WakeAt.ShouldBe(_now.AddHours(1));
        scheduled.Plan(_now.AddHours(1)).Scale!.Provisioned.ShouldBe(1);
        scheduled.Plan(_now.AddHours(1)).WakeAt.ShouldBe(_now.AddHours(24));
    }

    private static ScalingSchedule Schedule(string text) => SettingsCatalog.Find("schedule")!.Read(text, ServiceSettings.Default).Settings.ShouldNotBeNull().Schedule;
}
