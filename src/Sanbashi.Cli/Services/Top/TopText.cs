using System.Globalization;

namespace Sanbashi.Cli.Services.Top;

/// <summary>Numbers in as few characters as a glance needs.</summary>
internal static class TopText
{
    private static readonly string[] _sizes = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>0 is a dot: what does not happen should not catch the eye.</summary>
    public static string Rate(double value) => value switch
    {
        0 => "·",
        < 10 => Format(value, "0.0"),
        < 10_000 => Format(value, "0"),
        _ => Format(value / 1000, "0") + "k",
    };

    public static string Count(double value) => value == 0 ? "·" : Rate(value).Replace(".0", "", StringComparison.Ordinal);

    /// <param name="milliseconds">Null without requests.</param>
    public static string Latency(double? milliseconds) => milliseconds switch
    {
        null => "·",
        < 10 => Format(milliseconds.Value, "0.0") + "ms",
        < 1000 => Format(milliseconds.Value, "0") + "ms",
        _ => Format(milliseconds.Value / 1000, "0.0") + "s",
    };

    public static string Percent(double? value) => value is { } known ? Format(known, "0") + "%" : "·";

    public static string Bytes(double? bytes)
    {
        if (bytes is not { } value)
        {
            return "·";
        }

        var unit = 0;
        for (; value >= 1000 && unit < _sizes.Length - 1; value /= 1024)
        {
            unit++;
        }

        return $"{Format(value, value < 10 ? "0.0" : "0")} {_sizes[unit]}";
    }

    public static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
