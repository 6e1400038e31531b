using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Tests.Settings;

public sealed class HostSettingsTests
{
    [Theory]
    [InlineData("www.example.com", "www.example.com")]
    [InlineData(" WWW.Example.com , a-b.example.com,1.example.com", "www.example.com,a-b.example.com,1.example.com")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    public void Hosts_ThatAreNames_AreRead(string text, string normal)
    {
        var reading = SettingsCatalog.Find("hosts")!.Read(text, ServiceSettings.Default);

        reading.Value.ShouldBe(normal);
        reading.Settings!.Hosts.ShouldBe(normal.Split(','));
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("example.com:80")]
    [InlineData("*.example.com")]
    [InlineData("example.com.")]
    [InlineData("http://example.com")]
    [InlineData("example.com/api")]
    [InlineData("-a.example.com")]
    [InlineData("10.0.0.1")]
    [InlineData("büch.er")]
    [InlineData("a.example.com,A.example.com")]
    public void Hosts_ThatAreNot_AreRefused(string text) => SettingsCatalog.Find("hosts")!.Read(text, ServiceSettings.Default).Problem.ShouldNotBeNull();

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/v1.0/~x_y-z")]
    [InlineData("/...")]
    [InlineData("/.well-known")]
    public void Path_ThatIsPlain_IsRead(string text) => SettingsCatalog.Find("path")!.Read(text, ServiceSettings.Default).Settings!.Path.ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData("api")]
    [InlineData("/api/")]
    [InlineData("//")]
    [InlineData("/a//b")]
    [InlineData("/a/../b")]
    [InlineData("/..")]
    [InlineData("/.")]
    [InlineData("/a?b")]
    [InlineData("/%61")]
    [InlineData("/a b")]
    public void Path_OfAnotherForm_IsRefused(string text) => SettingsCatalog.Find("path")!.Read(text, ServiceSettings.Default).Problem.ShouldNotBeNull();
}
