using System.Collections.Frozen;
using Sanbashi.Domain.Scaling;

namespace Sanbashi.Domain.Settings;

/// <summary>Every extension setting there is. A setting is a tag with the prefix <c>sanbashi:</c> or a value given to <c>PutServiceSettings</c>.</summary>
public static class SettingsCatalog
{
    public const string TagPrefix = "sanbashi:";

    /// <summary>In the order in which they are listed.</summary>
    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        DurationSetting.Define(
            "request-timeout", SettingAppliesBy.Live, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24), ServiceSettings.Default.RequestTimeout,
            "The longest time from the first byte of a request to the last byte of its answer; upgraded connections, gRPC and event streams are exempt.",
            (settings, value) => settings with { RequestTimeout = value }),
        DurationSetting.Define(
            "drain-timeout", SettingAppliesBy.Live, TimeSpan.Zero, TimeSpan.FromHours(1), ServiceSettings.Default.DrainTimeout,
            "How long an instance that takes no new requests may finish those it has.",
            (settings, value) => settings with { DrainTimeout = value }),
        DurationSetting.Define(
            "start-timeout", SettingAppliesBy.Deployment, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), ServiceSettings.Default.StartTimeout,
            "How long a new instance may take until it is healthy.",
            (settings, value) => settings with { StartTimeout = value, StartTimeoutIsExplicit = true }),
        DurationSetting.Define(
            "stop-timeout", SettingAppliesBy.Deployment, TimeSpan.Zero, TimeSpan.FromHours(1), ServiceSettings.Default.StopTimeout,
            "How long a container may take to end after SIGTERM before it gets SIGKILL.",
            (settings, value) => settings with { StopTimeout = value }),
        ProtocolSetting.Define(),
        VolumeSetting.Define(),
        SecretsAsSetting.Define(),
        AllowedSourcesSetting.Define(),
        BasicAuthSetting.Define(),
        RateLimitSetting.Define(),
        StickySetting.Define(),
        TrafficSetting.Define(),
        HostsSetting.Define(),
        PathSetting.Define(),
        NumberSetting.Define(
            "min-size", SettingAppliesBy.Live, 0, 25, "",
            "Instances that stay provisioned, in place of the auto scaling configuration's MinSize; with 0 the last one is stopped after the idle period, and the next request waits for a new one.",
            (settings, value) => settings with { MinSize = value }),
        ScheduleSetting.Define(),
        ScaleOnSetting.Define(),
        IdleSetting.Define(),
        DurationSetting.Define(
            "idle-period", SettingAppliesBy.Live, TimeSpan.FromSeconds(1), DemandLedger.Memory, ScalingDefaults.IdlePeriod,
            "How long an instance goes without requests until it is frozen, or the last one is stopped where min-size is 0; not before six such periods, at most a minute, since its start.",
            (settings, value) => settings with { IdlePeriod = value }),
        DurationSetting.Define(
            "scale-in-after", SettingAppliesBy.Live, TimeSpan.FromSeconds(1), DemandLedger.Memory, ScalingDefaults.ScaleInAfter,
            "The window that decides when an instance leaves: after a burst it stays for all of it, after a load that falls slowly it leaves within it.",
            (settings, value) => settings with { ScaleInAfter = value }),
        NumberSetting.Define(
            "min-active", SettingAppliesBy.Live, 0, 1000, "0",
            "Instances that are never frozen.",
            (settings, value) => settings with { MinActive = value }),
        NumberSetting.Define(
            "prepared", SettingAppliesBy.Live, 0, 1000, "0",
            "Instances, those that serve included, that are kept started for a burst of requests, at most the auto scaling configuration's MaxSize; the ones without requests are frozen and cost memory only.",
            (settings, value) => settings with { Prepared = value }),
        NumberSetting.Define(
            "standby", SettingAppliesBy.Live, 0, ScalingDefaults.MostStandby, "",
            "Instances that are made but not started, with network and containers ready, so that the next start waits for the application only; each costs a few megabytes. Without a value, 1 where min-size is 0 and none elsewhere.",
            (settings, value) => settings with { Standby = value }),
        NumberSetting.Define(
            "queue-length", SettingAppliesBy.Live, 0, 100_000, "1000",
            "Requests that may wait for capacity at each gateway; one more is answered with 429.",
            (settings, value) => settings with { QueueLength = value }),
        DurationSetting.Define(
            "queue-timeout", SettingAppliesBy.Live, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), ServiceSettings.Default.QueueTimeout,
            "How long a request may wait for capacity, or for a stopped service to start, until it is answered with 429 or 503.",
            (settings, value) => settings with { QueueTimeout = value }),
        PathsSetting.Define(),
        NumberSetting.Define(
            "max-streams", SettingAppliesBy.Live, 1, 100_000, "",
            "WebSockets and event streams that each instance takes, apart from its requests: they do not count towards MaxConcurrency then. Without it they count as requests.",
            (settings, value) => settings with { MaxStreams = value }),
        SecretChangeSetting.Define(),
    ];

    private static readonly FrozenDictionary<string, SettingDefinition> _byName = All.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);

    /// <param name="name">Without the tag prefix.</param>
    public static SettingDefinition? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The settings that consist of a name and its value, for people.</summary>
    public static string KnownNames => string.Join(", ", All.Select(s => s.Name));

    /// <summary>The known setting that the writer of this name probably meant; null when none is near.</summary>
    public static string? Nearest(string name)
    {
        // Two edits find swapped, missing and doubled letters without guessing at other words.
        const int FurthestEdits = 2;
        var nearest = All.Select(s => (s.Name, Distance: EditDistance(name, s.Name))).MinBy(candidate => candidate.Distance);
        return nearest.Distance <= FurthestEdits ? nearest.Name : null;
    }

    private static int EditDistance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        var current = new int[right.Length + 1];
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
