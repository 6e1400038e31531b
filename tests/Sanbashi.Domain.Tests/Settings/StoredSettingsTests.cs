using System.Text.Json;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Domain.Tests.Deployments;

namespace Sanbashi.Domain.Tests.Settings;

/// <summary>A revision is stored with the settings of its service, whatever they are, and read back at the next look.</summary>
public sealed class StoredSettingsTests
{
    [Theory]
    [InlineData("schedule", "5 at 0 8 any any MON-FRI for 10h")]
    [InlineData("scale-on", "cpu:70 memory:80")]
    [InlineData("allowed-sources", "10.0.0.0/8")]
    [InlineData("rate-limit", "10/1s")]
    [InlineData("sticky", "cookie")]
    [InlineData("traffic", "new=10%")]
    [InlineData("request-timeout", "15m")]
    [InlineData("protocol", "grpc")]
    public void Revision_WithASetting_IsReadBack(string name, string value)
    {
        var service = Given.Running().Service with { Settings = new Dictionary<string, string> { [name] = value } };
        var revision = Given.Revision(1) with { Settings = SettingsResolver.Of(service).Effective };

        var body = JsonSerializer.Serialize(revision, ServiceJson.Default.RevisionRecord);

        JsonSerializer.Deserialize(body, ServiceJson.Default.RevisionRecord).ShouldNotBeNull().Settings.DeploysAs(revision.Settings).ShouldBeTrue();
    }
}
