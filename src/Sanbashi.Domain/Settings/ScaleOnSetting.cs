using System.Globalization;
using Sanbashi.Domain.Scaling;

namespace Sanbashi.Domain.Settings;

/// <summary>Signals for scaling besides requests.</summary>
internal static class ScaleOnSetting
{
    private const int Least = 10;
    private const int Most = 100;

    public static SettingDefinition Define() => new()
    {
        Name = "scale-on",
        Type = SettingType.Signals,
        AppliesBy = SettingAppliesBy.Live,
        Default = "",
        Allowed = $"cpu:PERCENT, memory:PERCENT or both with a space between them, such as cpu:70 memory:80; percentages from {Least} to {Most}",
        Description = "How much of its CPU and memory an instance shall use on average: where they use more, more instances are started, even if requests need fewer.",
        Read = (text, settings) =>
        {
            var targets = UsageTargets.None;
            foreach (var part in text.Split([' ', ',', '+'], StringSplitOptions.RemoveEmptyEntries))
            {
                var value = part[(part.IndexOf(':', StringComparison.Ordinal) + 1)..];
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) || percent is < Least or > Most)
                {
                    return SettingReading.Bad($"the percentage in '{part}' is not from {Least} to {Most}");
                }

                switch (part[..^value.Length])
                {
                    case "cpu:" when targets.CpuPercent is null:
                        targets = targets with { CpuPercent = percent };
                        break;
                    case "memory:" when targets.MemoryPercent is null:
                        targets = targets with { MemoryPercent = percent };
                        break;
                    default:
                        return SettingReading.Bad($"'{part}' is neither cpu nor memory, or is given twice");
                }
            }

            return targets.IsNone ? SettingReading.Bad("it names no signal") : SettingReading.Ok(settings with { ScaleOn = targets }, Format(targets));
        },
    };

    private static string Format(UsageTargets targets) =>
        string.Join(' ', new[] { targets.CpuPercent is { } cpu ? $"cpu:{cpu}" : null, targets.MemoryPercent is { } memory ? $"memory:{memory}" : null }.Where(part => part is not null));
}
