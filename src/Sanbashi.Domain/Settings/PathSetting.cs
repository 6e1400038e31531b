using System.Text.RegularExpressions;

namespace Sanbashi.Domain.Settings;

/// <summary>The part of its further hosts that a service takes.</summary>
internal static partial class PathSetting
{
    public static SettingDefinition Define() => new()
    {
        Name = "path",
        Type = SettingType.Path,
        AppliesBy = SettingAppliesBy.Live,
        Default = "/",
        Allowed = "a path such as /api: letters, digits and - . _ ~ in parts that begin with a slash, without one at the end",
        Description = "The path on the names in 'hosts' from which on requests go to this service; of several services the one with the longest path that fits gets a request, unchanged.",
        Read = (text, settings) => text == "/" || Path().IsMatch(text)
            ? SettingReading.Ok(settings with { Path = text }, text)
            : SettingReading.Bad("it is not such a path"),
    };

    /// <summary>No part is "." or "..", which clients resolve before they ask.</summary>
    [GeneratedRegex(@"\A(/(?!\.{1,2}(/|\z))[A-Za-z0-9._~-]+)+\z")]
    private static partial Regex Path();
}
