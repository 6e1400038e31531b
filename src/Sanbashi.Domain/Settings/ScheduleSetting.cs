using System.Globalization;
using System.Text.RegularExpressions;
using Sanbashi.Domain.Schedules;

namespace Sanbashi.Domain.Settings;

/// <summary>Minimums for known peaks.</summary>
internal static partial class ScheduleSetting
{
    /// <summary>An installation's number of instances has the same end.</summary>
    private const int MostInstances = 1000;
    private const int MostEntries = 10;

    private static readonly TimeSpan _shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _longest = TimeSpan.FromDays(7);

    /// <summary>A zone that every edition of the data has had.</summary>
    private const string WellKnownZone = "Europe/London";

    public static SettingDefinition Define() => new()
    {
        Name = "schedule",
        Type = SettingType.Schedule,
        AppliesBy = SettingAppliesBy.Live,
        Default = "",
        Allowed = $"at most {MostEntries} entries of the form NUMBER at MINUTE HOUR DAY MONTH WEEKDAY for DURATION [TIME-ZONE], with ' + ' between them, such as 5 at 0 8 any any MON-FRI for 10h Asia/Tokyo; any is the star of cron, and the zone UTC if none is named",
        Description = "Instances that stay provisioned at known times, where min-size or the auto scaling configuration asks for fewer; at most MaxSize.",
        Read = (text, settings) =>
        {
            var entries = new List<ScheduleEntry>();
            foreach (var part in text.Split(" + ", StringSplitOptions.TrimEntries))
            {
                if (Read(part, entries) is { } problem)
                {
                    return SettingReading.Bad(problem);
                }
            }

            return entries.Count > MostEntries
                ? SettingReading.Bad($"it has {entries.Count} entries")
                : SettingReading.Ok(settings with { Schedule = new ScalingSchedule(entries) }, string.Join(" + ", entries.Select(entry => entry.Text)));
        },
    };

    private static string? Read(string text, List<ScheduleEntry> entries)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is not (9 or 10) || words[1] != "at" || words[7] != "for")
        {
            return $"'{text}' is not of the form NUMBER at MINUTE HOUR DAY MONTH WEEKDAY for DURATION [TIME-ZONE]";
        }

        if (!int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var instances) || instances is < 1 or > MostInstances)
        {
            return $"the number '{words[0]}' is not from 1 to {MostInstances}";
        }

        if (CronExpression.Parse(words[2..7], out var problem) is not { } start)
        {
            return problem;
        }

        if (!DurationText.TryParse(words[8], out var duration) || duration < _shortest || duration > _longest)
        {
            return $"'{words[8]}' is not a duration from {DurationText.Format(_shortest)} to {DurationText.Format(_longest)}";
        }

        var name = words.Length == 10 ? words[9] : "UTC";
        if (!ZoneName().IsMatch(name) || !TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return TimeZoneInfo.TryFindSystemTimeZoneById(WellKnownZone, out _)
                ? $"there is no time zone '{name}'; names are those of the tz database, such as Asia/Tokyo"
                : $"the time zone '{name}' cannot be looked up: this machine has no time zone data (on Debian and Ubuntu install the package tzdata, then restart the platform)";
        }

        entries.Add(new ScheduleEntry(instances, start, duration, zone, string.Join(' ', words[..8].Append(DurationText.Format(duration)).Append(name))));
        return null;
    }

    /// <summary>A zone is looked up as a file: nothing that leads elsewhere.</summary>
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*\z")]
    private static partial Regex ZoneName();
}
