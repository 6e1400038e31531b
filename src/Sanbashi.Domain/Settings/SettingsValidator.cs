namespace Sanbashi.Domain.Settings;

/// <summary>Checks settings before they are stored.</summary>
public static class SettingsValidator
{
    /// <summary>What is wrong with the tags that are settings; null when nothing is. Other tags are not looked at.</summary>
    /// <param name="allowedHostPaths">Host folders that services may mount, with everything below them.</param>
    public static string? ProblemOfTags(IEnumerable<KeyValuePair<string, string>> tags, IReadOnlyList<string> allowedHostPaths) => tags
        .Where(tag => tag.Key.StartsWith(SettingsCatalog.TagPrefix, StringComparison.Ordinal))
        .Select(tag => Problem(tag.Key[SettingsCatalog.TagPrefix.Length..], tag.Value, $"tag {tag.Key}", allowedHostPaths))
        .FirstOrDefault(problem => problem is not null);

    /// <summary>What is wrong with one setting; null when nothing is.</summary>
    public static string? Problem(string name, string value, IReadOnlyList<string> allowedHostPaths) =>
        Problem(name, value, $"setting {name}", allowedHostPaths);

    private static string? Problem(string name, string value, string what, IReadOnlyList<string> allowedHostPaths)
    {
        if (SettingsCatalog.Find(name) is not { } definition)
        {
            var nearest = SettingsCatalog.Nearest(name) is { } near ? $" Did you mean {near}?" : "";
            return $"There is no setting '{name}' ({what}).{nearest} Known settings: {SettingsCatalog.KnownNames}.";
        }

        var reading = definition.Read(value, ServiceSettings.Default);
        if (reading.Settings is null)
        {
            return $"The value '{Excerpt(value)}' of the {what} is not valid: {reading.Problem}. It must be {definition.Allowed}.";
        }

        var forbidden = reading.Settings.Volumes.FirstOrDefault(mount => mount.IsHostPath && !IsAllowed(mount.Source, allowedHostPaths));
        if (forbidden is null)
        {
            return null;
        }

        return $"The {what} mounts the host folder '{forbidden.Source}', which is not allowed here. "
            + (allowedHostPaths.Count == 0
                ? "No host folder is: use a named volume (name:/path), or ask the operator to allow the folder when starting the platform."
                : $"Allowed are folders below {string.Join(", ", allowedHostPaths)}.");
    }

    private static bool IsAllowed(string path, IReadOnlyList<string> allowedHostPaths) =>
        allowedHostPaths.Any(allowed => allowed.TrimEnd('/') is var root && (path == root || path.StartsWith(root + "/", StringComparison.Ordinal)));

    private static string Excerpt(string value) => value.Length <= 60 ? value : value[..60] + "...";
}
