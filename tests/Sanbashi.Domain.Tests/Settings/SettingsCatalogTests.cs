using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Settings;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Tests.Settings;

public sealed class SettingsCatalogTests
{
    [Fact]
    public void Default_OfEverySetting_IsWhatNoSettingMeans()
    {
        foreach (var setting in SettingsCatalog.All.Where(setting => setting.Default.Length > 0))
        {
            var reading = setting.Read(setting.Default, ServiceSettings.Default);

            reading.Value.ShouldBe(setting.Default, setting.Name);
            (reading.Settings! with { StartTimeoutIsExplicit = false }).ShouldBe(ServiceSettings.Default, setting.Name);
        }
    }

    [Fact]
    public void All_Always_HaveNamesThatTagsCanCarryAndTextsForPeople()
    {
        foreach (var setting in SettingsCatalog.All)
        {
            setting.Name.ShouldMatch(@"\A[a-z][a-z-]*[a-z]\z");
            setting.TagKey.ShouldBe($"sanbashi:{setting.Name}");
            setting.Description.ShouldEndWith(".");
            setting.Allowed.ShouldNotBeEmpty();
            SettingsCatalog.Find(setting.Name).ShouldBeSameAs(setting);
        }

        SettingsCatalog.All.Select(setting => setting.Name).ShouldBeUnique();
    }

    [Theory]
    [InlineData("request-timeout", "1s", 1)]
    [InlineData("request-timeout", "24h", 86400)]
    [InlineData("stop-timeout", "0", 0)]
    [InlineData("stop-timeout", "1h", 3600)]
    [InlineData("start-timeout", "1", 1)]
    [InlineData("drain-timeout", "0s", 0)]
    public void Duration_AtTheEndsOfItsRange_IsAccepted(string name, string value, int seconds)
    {
        var settings = SettingsCatalog.Find(name)!.Read(value, ServiceSettings.Default).Settings!;

        var read = name switch
        {
            "request-timeout" => settings.RequestTimeout,
            "stop-timeout" => settings.StopTimeout,
            "start-timeout" => settings.StartTimeout,
            _ => settings.DrainTimeout,
        };
        read.ShouldBe(TimeSpan.FromSeconds(seconds));
        settings.StartTimeoutIsExplicit.ShouldBe(name == "start-timeout");
    }

    [Theory]
    [InlineData("request-timeout", "0", "it is below 1s")]
    [InlineData("request-timeout", "86401", "it is above 24h")]
    [InlineData("start-timeout", "0s", "it is below 1s")]
    [InlineData("drain-timeout", "61m", "it is above 1h")]
    public void Duration_OutsideItsRange_SaysByWhichEnd(string name, string value, string problem)
    {
        SettingsCatalog.Find(name)!.Read(value, ServiceSettings.Default).Problem.ShouldBe(problem);
    }

    [Theory]
    [InlineData("http1", InstanceProtocol.Http1)]
    [InlineData("http2", InstanceProtocol.Http2)]
    [InlineData("grpc", InstanceProtocol.Grpc)]
    public void Protocol_Known_IsRead(string value, InstanceProtocol protocol)
    {
        SettingsCatalog.Find("protocol")!.Read(value, ServiceSettings.Default).Settings!.Protocol.ShouldBe(protocol);
    }

    [Theory]
    [InlineData("variables", SecretsAs.Variables)]
    [InlineData("files", SecretsAs.Files)]
    public void SecretsAs_Known_IsReadAndAppliesByDeployment(string value, SecretsAs secretsAs)
    {
        var read = SettingsCatalog.Find("secrets-as")!.Read(value, ServiceSettings.Default).Settings!;

        read.SecretsAs.ShouldBe(secretsAs);
        read.DeploysAs(ServiceSettings.Default).ShouldBe(secretsAs == SecretsAs.Variables);
        SettingsCatalog.Find("secrets-as")!.Read("env", ServiceSettings.Default).Problem.ShouldBe("it is neither");
    }

    [Fact]
    public void Volume_List_IsRead()
    {
        var reading = SettingsCatalog.Find("volume")!.Read("data:/var/data, /srv/media:/media:ro,cache:/c:rw", ServiceSettings.Default);

        reading.Settings!.Volumes.ShouldBe(
        [
            new VolumeMount("data", "/var/data", ReadOnly: false, IsHostPath: false),
            new VolumeMount("/srv/media", "/media", ReadOnly: true, IsHostPath: true),
            new VolumeMount("cache", "/c", ReadOnly: false, IsHostPath: false),
        ]);
        reading.Value.ShouldBe("data:/var/data,/srv/media:/media:ro,cache:/c");
    }

    [Theory]
    [InlineData("", "not of the form")]
    [InlineData("data", "not of the form")]
    [InlineData("data:/a:rx", "not of the form")]
    [InlineData("data:/a,", "not of the form")]
    [InlineData("data:/a:ro:more", "not of the form")]
    [InlineData(":/a", "volume name")]
    [InlineData("-data:/a", "volume name")]
    [InlineData("da/ta:/a", "volume name")]
    [InlineData("./data:/a", "volume name")]
    [InlineData("/:/a", "host folder '/'")]
    [InlineData("/srv/../etc:/a", "host folder")]
    [InlineData("/srv//x:/a", "host folder")]
    [InlineData("data:/", "mount path '/'")]
    [InlineData("data:relative", "mount path 'relative'")]
    [InlineData("data:/a/../b", "mount path")]
    [InlineData("data:/a/", "mount path")]
    [InlineData("a:/x,b:/x", "'/x' is named twice")]
    public void Volume_ThatCannotBe_SaysWhichPart(string value, string problem)
    {
        SettingsCatalog.Find("volume")!.Read(value, ServiceSettings.Default).Problem!.ShouldContain(problem);
    }

    [Theory]
    [InlineData("request-timout", "request-timeout")]
    [InlineData("volumes", "volume")]
    [InlineData("protcol", "protocol")]
    [InlineData("sotp-timeout", "stop-timeout")]
    [InlineData("colour", null)]
    [InlineData("", null)]
    public void Nearest_OfAName_IsTheOneProbablyMeant(string name, string? nearest)
    {
        SettingsCatalog.Nearest(name).ShouldBe(nearest);
    }
}
