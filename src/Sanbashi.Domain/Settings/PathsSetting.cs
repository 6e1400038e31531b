namespace Sanbashi.Domain.Settings;

/// <summary>Paths whose requests do not wake a service.</summary>
internal static class PathsSetting
{
    private const int MostPaths = 20;

    public static SettingDefinition Define() => new()
    {
        Name = "no-wake-paths",
        Type = SettingType.Paths,
        AppliesBy = SettingAppliesBy.Live,
        Default = "",
        Allowed = $"at most {MostPaths} absolute paths with commas between them, such as /favicon.ico,/health; one that ends in * stands for everything that begins so",
        Description = "Requests to these paths do not wake a service of which no instance is awake: GET and HEAD are answered with 204, others with 503.",
        Read = (text, settings) =>
        {
            var paths = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();
            if (paths.Count > MostPaths)
            {
                return SettingReading.Bad($"it has {paths.Count} paths");
            }

            return paths.Find(path => !IsPath(path)) is { } wrong
                ? SettingReading.Bad($"'{wrong}' is not an absolute path without query")
                : SettingReading.Ok(settings with { NoWakePaths = paths }, string.Join(',', paths));
        },
    };

    private static bool IsPath(string path) => path[0] == '/' && !path.AsSpan().ContainsAny(" ?#\t") && path.IndexOf('*', StringComparison.Ordinal) is var star && (star < 0 || star == path.Length - 1);
}
