using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Settings;

/// <summary>Combines tags, values given to the settings operation and defaults, in this order of precedence.</summary>
public static class SettingsResolver
{
    public static ResolvedSettings Of(ServiceRecord service) => Resolve(service.Tags, service.Settings);

    /// <summary>
    /// Stored values were checked when they were written; one that a newer version no longer accepts does not count, and the next source is used.
    /// </summary>
    public static ResolvedSettings Resolve(IReadOnlyDictionary<string, string> tags, IReadOnlyDictionary<string, string> settings)
    {
        var effective = ServiceSettings.Default;
        var values = new List<ResolvedSetting>(SettingsCatalog.All.Count);
        foreach (var definition in SettingsCatalog.All)
        {
            var (reading, source) = Read(definition, effective, tags, settings);
            effective = reading?.Settings ?? effective;
            values.Add(new ResolvedSetting(definition, reading?.Value ?? definition.Default, source));
        }

        return new ResolvedSettings(effective, values);
    }

    private static (SettingReading? Reading, SettingSource Source) Read(
        SettingDefinition definition, ServiceSettings effective, IReadOnlyDictionary<string, string> tags, IReadOnlyDictionary<string, string> settings)
    {
        if (tags.TryGetValue(definition.TagKey, out var tag) && definition.Read(tag, effective) is { Settings: not null } fromTag)
        {
            return (fromTag, SettingSource.Tag);
        }

        if (settings.TryGetValue(definition.Name, out var value) && definition.Read(value, effective) is { Settings: not null } fromApi)
        {
            return (fromApi, SettingSource.Api);
        }

        return (null, SettingSource.Default);
    }
}
