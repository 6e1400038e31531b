using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Tests.Settings;

public sealed class TrafficSettingTests
{
    [Theory]
    [InlineData("new=10%", 10, "new=10%")]
    [InlineData("new=0%", 0, "new=0%")]
    [InlineData("new=100%", 100, "new=100%")]
    [InlineData(" new=7 ", 7, "new=7%")]
    public void Traffic_WithAShare_IsRead(string value, int percent, string normal)
    {
        var reading = SettingsCatalog.Find("traffic")!.Read(value, ServiceSettings.Default);

        reading.Settings!.NewPercent.ShouldBe(percent);
        reading.Value.ShouldBe(normal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10%")]
    [InlineData("old=10%")]
    [InlineData("new=")]
    [InlineData("new=%")]
    [InlineData("new=101%")]
    [InlineData("new=-1%")]
    [InlineData("new=1.5%")]
    [InlineData("new=10%,old=90%")]
    public void Traffic_Otherwise_IsRefused(string value) =>
        SettingsCatalog.Find("traffic")!.Read(value, ServiceSettings.Default).Problem.ShouldNotBeNull();

    [Fact]
    public void MaxStreams_WhenSet_IsANumber()
    {
        ServiceSettings.Default.MaxStreams.ShouldBeNull();
        SettingsCatalog.Find("max-streams")!.Read("5000", ServiceSettings.Default).Settings!.MaxStreams.ShouldBe(5000);
        SettingsCatalog.Find("max-streams")!.Read("0", ServiceSettings.Default).Problem.ShouldNotBeNull();
    }
}
