using System.Globalization;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Domain.Settings;

/// <summary>How many requests one client may send.</summary>
internal static class RateLimitSetting
{
    private const int Most = 1_000_000;

    private static readonly (string Unit, TimeSpan Period)[] _units = [("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1))];

    public static SettingDefinition Define() => new()
    {
        Name = "rate-limit",
        Type = SettingType.Rate,
        AppliesBy = SettingAppliesBy.Live,
        Default = "",
        Allowed = "requests per second, minute or hour such as 100/s, 60/m or 1000/h, with a burst if wanted: 100/s,500; numbers from 1 to 1000000",
        Description = "Requests per client address, on average; as many as the burst at once (default: the number of one period). Beyond it the gateway answers 429 with Retry-After.",
        Read = (text, settings) =>
        {
            var parts = text.Split(',', StringSplitOptions.TrimEntries);
            if (parts.Length > 2 || parts[0].Split('/') is not [var number, var unitName] || _units.FirstOrDefault(unit => unit.Unit == unitName) is not { Unit: not null } unit)
            {
                return SettingReading.Bad("it is not of the form NUMBER/UNIT or NUMBER/UNIT,BURST");
            }

            if (Number(number) is not { } requests || Number(parts.Length == 2 ? parts[1] : number) is not { } burst)
            {
                return SettingReading.Bad($"its numbers are not from 1 to {Most}");
            }

            var normal = burst == requests ? $"{requests}/{unit.Unit}" : $"{requests}/{unit.Unit},{burst}";
            return SettingReading.Ok(settings with { Access = settings.Access with { RateLimit = new RouteRateLimit(requests, unit.Period, burst) } }, normal);
        },
    };

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Most ? number : null;
}
