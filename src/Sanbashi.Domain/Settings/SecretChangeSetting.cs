namespace Sanbashi.Domain.Settings;

/// <summary>What happens to a service when a secret that it reads gets another value.</summary>
internal static class SecretChangeSetting
{
    public static SettingDefinition Define() => new()
    {
        Name = "secret-change",
        Type = SettingType.Choice,
        AppliesBy = SettingAppliesBy.Live,
        Default = "redeploy",
        Allowed = "one of redeploy and wait",
        Description = "Whether a new value of a secret or parameter that the service reads is deployed at once, with the same image beside what runs, or waits for the next deployment.",
        Read = (text, settings) => text switch
        {
            "redeploy" => SettingReading.Ok(settings with { RedeploysForSecrets = true }, text),
            "wait" => SettingReading.Ok(settings with { RedeploysForSecrets = false }, text),
            _ => SettingReading.Bad("it is neither"),
        },
    };
}
