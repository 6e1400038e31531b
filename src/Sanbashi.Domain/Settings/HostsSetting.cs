using System.Text.RegularExpressions;

namespace Sanbashi.Domain.Settings;

/// <summary>Host names that lead to the service besides the one that the platform gives it.</summary>
internal static partial class HostsSetting
{
    private const int LongestName = 253;

    public static SettingDefinition Define() => new()
    {
        Name = "hosts",
        Type = SettingType.Hosts,
        AppliesBy = SettingAppliesBy.Live,
        Default = "",
        Allowed = "a list of host names such as www.example.com,example.com, without ports and wildcards",
        Description = "Further host names that lead to the service, if they point to this gateway; several services can share one by different paths.",
        Read = (text, settings) =>
        {
            var hosts = new List<string>();
            foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
            {
                var host = part.ToLowerInvariant();
                if (host.Length > LongestName || !HostName().IsMatch(host))
                {
                    return SettingReading.Bad($"'{part}' is not a host name of at least two labels");
                }

                if (hosts.Contains(host))
                {
                    return SettingReading.Bad($"'{part}' is given twice");
                }

                hosts.Add(host);
            }

            return SettingReading.Ok(settings with { Hosts = hosts }, string.Join(',', hosts));
        },
    };

    /// <summary>Labels of letters, digits and inner dashes; the last one no number, which would be an address.</summary>
    [GeneratedRegex(@"\A([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex HostName();
}
