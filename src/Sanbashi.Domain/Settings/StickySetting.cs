using Sanbashi.Domain.Routing;

namespace Sanbashi.Domain.Settings;

/// <summary>Whether a client stays with one instance.</summary>
internal static class StickySetting
{
    private static readonly Dictionary<string, RouteStickiness> _values = new(StringComparer.Ordinal)
    {
        ["none"] = RouteStickiness.None,
        ["cookie"] = RouteStickiness.Cookie,
    };

    public static SettingDefinition Define() => new()
    {
        Name = "sticky",
        Type = SettingType.Choice,
        AppliesBy = SettingAppliesBy.Live,
        Default = "none",
        Allowed = "one of none and cookie",
        Description = "Whether the gateway sends a client's requests to the instance that answered its first one, by a cookie that it sets.",
        Read = (text, settings) => _values.TryGetValue(text, out var stickiness)
            ? SettingReading.Ok(settings with { Stickiness = stickiness }, text)
            : SettingReading.Bad("it is neither of these"),
    };
}
