namespace Sanbashi.Domain.Settings;

/// <summary>All settings of a service: their combined effect, and where each value comes from.</summary>
/// <param name="Values">One per setting of the catalog, in its order.</param>
public sealed record ResolvedSettings(ServiceSettings Effective, IReadOnlyList<ResolvedSetting> Values)
{
    /// <summary>Whether going over to <paramref name="other"/> needs new instances.</summary>
    public bool NeedsDeployment(ResolvedSettings other) =>
        Values.Zip(other.Values).Any(pair => pair.First.Definition.AppliesBy == SettingAppliesBy.Deployment && pair.First.Value != pair.Second.Value);
}

/// <param name="Value">In its normal form.</param>
public sealed record ResolvedSetting(SettingDefinition Definition, string Value, SettingSource Source);

public enum SettingSource
{
    Tag,

    /// <summary>Given to <c>PutServiceSettings</c>.</summary>
    Api,
    Default,
}
