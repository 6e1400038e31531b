using System.Globalization;

namespace Sanbashi.Domain.Settings;

/// <summary>Settings whose value is a whole number within a range.</summary>
internal static class NumberSetting
{
    /// <param name="defaultText">What stands for "not set".</param>
    public static SettingDefinition Define(
        string name,
        SettingAppliesBy appliesBy,
        int least,
        int most,
        string defaultText,
        string description,
        Func<ServiceSettings, int, ServiceSettings> set) => new()
    {
        Name = name,
        Type = SettingType.Number,
        AppliesBy = appliesBy,
        Default = defaultText,
        Allowed = $"a whole number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}",
        Description = description,
        Read = (text, settings) =>
        {
            if (!int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return SettingReading.Bad("it is not a whole number");
            }

            if (value < least || value > most)
            {
                return SettingReading.Bad(value < least
                    ? $"it is below {least.ToString(CultureInfo.InvariantCulture)}"
                    : $"it is above {most.ToString(CultureInfo.InvariantCulture)}");
            }

            return SettingReading.Ok(set(settings, value), value.ToString(CultureInfo.InvariantCulture));
        },
    };
}
