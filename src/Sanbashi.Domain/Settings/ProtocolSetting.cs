using Sanbashi.Domain.Routing;

namespace Sanbashi.Domain.Settings;

/// <summary>What the gateway speaks to the instances.</summary>
internal static class ProtocolSetting
{
    private static readonly Dictionary<string, InstanceProtocol> _values = new(StringComparer.Ordinal)
    {
        ["http1"] = InstanceProtocol.Http1,
        ["http2"] = InstanceProtocol.Http2,
        ["grpc"] = InstanceProtocol.Grpc,
    };

    public static SettingDefinition Define() => new()
    {
        Name = "protocol",
        Type = SettingType.Choice,
        AppliesBy = SettingAppliesBy.Deployment,
        Default = "http1",
        Allowed = "one of http1, http2 (HTTP/2 without TLS) and grpc",
        Description = "What the gateway speaks to the instances.",
        Read = (text, settings) => _values.TryGetValue(text, out var protocol)
            ? SettingReading.Ok(settings with { Protocol = protocol }, text)
            : SettingReading.Bad("it is none of these"),
    };
}
