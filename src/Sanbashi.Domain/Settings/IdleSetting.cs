namespace Sanbashi.Domain.Settings;

/// <summary>Whether instances without requests are frozen.</summary>
internal static class IdleSetting
{
    public static SettingDefinition Define() => new()
    {
        Name = "idle",
        Type = SettingType.Choice,
        AppliesBy = SettingAppliesBy.Live,
        Default = "freeze",
        Allowed = "one of freeze and active",
        Description = "Whether an instance without requests is frozen, which costs no processor time, or goes on running; choose active for an application that works between requests.",
        Read = (text, settings) => text switch
        {
            "freeze" => SettingReading.Ok(settings with { Idle = IdleMode.Freeze }, text),
            "active" => SettingReading.Ok(settings with { Idle = IdleMode.Active }, text),
            _ => SettingReading.Bad("it is neither"),
        },
    };
}
