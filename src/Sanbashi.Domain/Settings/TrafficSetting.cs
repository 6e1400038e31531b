using System.Globalization;

namespace Sanbashi.Domain.Settings;

/// <summary>How much of the requests a new revision takes.</summary>
internal static class TrafficSetting
{
    public const int All = 100;

    private const string Prefix = "new=";

    public static SettingDefinition Define() => new()
    {
        Name = "traffic",
        Type = SettingType.Traffic,
        AppliesBy = SettingAppliesBy.Live,
        Default = "new=100%",
        Allowed = "the share of a new revision, such as new=10%; a whole number from 0 to 100",
        Description = "The share of the requests that the revision of a new deployment takes. Below 100% it stays beside the serving one as a canary until it is promoted (PromoteService) or taken back (RollbackService); raising the share to 100% promotes it.",
        Read = (text, settings) =>
        {
            var value = text.Trim();
            if (!value.StartsWith(Prefix, StringComparison.Ordinal))
            {
                return SettingReading.Bad("it is not of the form new=NUMBER%");
            }

            var number = value[Prefix.Length..];
            return int.TryParse(number.EndsWith('%') ? number[..^1] : number, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent <= All
                ? SettingReading.Ok(settings with { NewPercent = percent }, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{percent}%"))
                : SettingReading.Bad("its share is not a whole number from 0 to 100");
        },
    };
}
