namespace Sanbashi.Domain.Settings;

/// <summary>Settings whose value is a duration within a range.</summary>
internal static class DurationSetting
{
    public static SettingDefinition Define(
        string name,
        SettingAppliesBy appliesBy,
        TimeSpan least,
        TimeSpan most,
        TimeSpan defaultValue,
        string description,
        Func<ServiceSettings, TimeSpan, ServiceSettings> set) => new()
    {
        Name = name,
        Type = SettingType.Duration,
        AppliesBy = appliesBy,
        Default = DurationText.Format(defaultValue),
        Allowed = $"a duration from {DurationText.Format(least)} to {DurationText.Format(most)} such as 90s, 15m or 1h; a plain number is seconds",
        Description = description,
        Read = (text, settings) =>
        {
            if (!DurationText.TryParse(text, out var value))
            {
                return SettingReading.Bad("it is not a duration");
            }

            if (value < least || value > most)
            {
                return SettingReading.Bad(value < least ? $"it is below {DurationText.Format(least)}" : $"it is above {DurationText.Format(most)}");
            }

            return SettingReading.Ok(set(settings, value), DurationText.Format(value));
        },
    };
}
