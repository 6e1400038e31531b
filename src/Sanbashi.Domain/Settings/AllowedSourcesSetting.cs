using System.Net;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Domain.Settings;

/// <summary>Address ranges that requests may come from.</summary>
internal static class AllowedSourcesSetting
{
    public static SettingDefinition Define() => new()
    {
        Name = "allowed-sources",
        Type = SettingType.Sources,
        AppliesBy = SettingAppliesBy.Live,
        Default = "",
        Allowed = "a list of addresses and ranges such as 203.0.113.7,10.0.0.0/8,2001:db8::/32",
        Description = "Addresses that may call the service; the gateway answers all others with 403.",
        Read = (text, settings) =>
        {
            var ranges = new List<string>();
            foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
            {
                if (Range(part) is not { } range)
                {
                    return SettingReading.Bad($"'{part}' is neither an address nor a range");
                }

                ranges.Add(range.ToString());
            }

            return SettingReading.Ok(settings with { Access = settings.Access with { AllowedSources = ranges } }, string.Join(',', ranges));
        },
    };

    private static IPNetwork? Range(string text)
    {
        if (IPNetwork.TryParse(text, out var range))
        {
            return range;
        }

        // Only the usual ways to write an address: the parser also takes a lone number and octal parts.
        return IPAddress.TryParse(text, out var address) && (address.GetAddressBytes().Length == 16 || address.ToString() == text)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : null;
    }
}
