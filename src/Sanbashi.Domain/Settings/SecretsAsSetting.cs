namespace Sanbashi.Domain.Settings;

/// <summary>Whether secrets are variables or files.</summary>
internal static class SecretsAsSetting
{
    public static SettingDefinition Define() => new()
    {
        Name = "secrets-as",
        Type = SettingType.Choice,
        AppliesBy = SettingAppliesBy.Deployment,
        Default = "variables",
        Allowed = "one of variables and files",
        Description = "How the application gets its secrets: as variables, or as files in memory, /run/secrets/NAME with the variable NAME_FILE that says so, which docker inspect does not show.",
        Read = (text, settings) => text switch
        {
            "variables" => SettingReading.Ok(settings with { SecretsAs = SecretsAs.Variables }, text),
            "files" => SettingReading.Ok(settings with { SecretsAs = SecretsAs.Files }, text),
            _ => SettingReading.Bad("it is neither"),
        },
    };
}
