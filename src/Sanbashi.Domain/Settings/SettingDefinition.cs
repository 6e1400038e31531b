namespace Sanbashi.Domain.Settings;

/// <summary>One extension setting of a service. The reference page, <c>--help</c> and error messages are made from it.</summary>
public sealed class SettingDefinition
{
    /// <summary>Without the tag prefix: lower-case letters and dashes.</summary>
    public required string Name { get; init; }

    public required SettingType Type { get; init; }

    public required SettingAppliesBy AppliesBy { get; init; }

    /// <summary>The value that stands for "not set", in the form in which it is answered.</summary>
    public required string Default { get; init; }

    /// <summary>What a value may be, as the rest of a sentence: "a duration from 1s to 24h ...".</summary>
    public required string Allowed { get; init; }

    /// <summary>One sentence.</summary>
    public required string Description { get; init; }

    /// <summary>The settings with this one set to a value, or what is wrong with the value.</summary>
    public required Func<string, ServiceSettings, SettingReading> Read { get; init; }

    public string TagKey => SettingsCatalog.TagPrefix + Name;
}

/// <summary>When a changed setting takes effect.</summary>
public enum SettingAppliesBy
{
    /// <summary>At once, without touching instances.</summary>
    Live,

    /// <summary>With the next deployment; changing it on a running service starts one.</summary>
    Deployment,
}

public enum SettingType
{
    Duration,
    Choice,
    Number,
    Paths,
    Volumes,
    Sources,
    Users,
    Rate,
    Hosts,
    Path,
    Traffic,
    Schedule,
    Signals,
}

/// <summary>What became of one value: exactly one of the settings and the problem is set.</summary>
/// <param name="Value">The value in its one normal form; empty when there is a problem.</param>
/// <param name="Problem">What is wrong, as a sentence fragment: "it is below 1s".</param>
public sealed record SettingReading(ServiceSettings? Settings, string Value, string? Problem)
{
    public static SettingReading Ok(ServiceSettings settings, string value) => new(settings, value, null);

    public static SettingReading Bad(string problem) => new(null, "", problem);
}
