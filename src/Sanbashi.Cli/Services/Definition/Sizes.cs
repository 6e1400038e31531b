namespace Sanbashi.Cli.Services.Definition;

/// <summary>CPU and memory as people write them, in the forms that the API takes.</summary>
internal static class Sizes
{
    // From here on a number can only mean units of 1/1024 vCPU or MB: the API's largest sizes are 4 vCPU and 12 GB.
    private const int SmallestSmallUnit = 128;

    /// <summary><c>0.25</c> and <c>1</c> are vCPUs, <c>256</c> is 256/1024 vCPU; what is neither goes to the API as it is, whose message names the choices.</summary>
    public static string Cpu(string text) => WithUnit(text, "vCPU", ["vcpu", "cpu"]);

    /// <summary><c>0.5</c>, <c>2</c> and <c>2g</c> are gigabytes, <c>512</c> and <c>512m</c> are megabytes.</summary>
    public static string Memory(string text)
    {
        var lower = text.Trim().ToLowerInvariant();
        foreach (var unit in (string[])["mb", "m"])
        {
            if (lower.EndsWith(unit, StringComparison.Ordinal) && IsNumber(lower[..^unit.Length].TrimEnd()))
            {
                return lower[..^unit.Length].TrimEnd();
            }
        }

        return WithUnit(text, "GB", ["gb", "g"]);
    }

    private static string WithUnit(string text, string unit, string[] spellings)
    {
        var lower = text.Trim().ToLowerInvariant();
        foreach (var spelling in spellings)
        {
            if (lower.EndsWith(spelling, StringComparison.Ordinal) && IsNumber(lower[..^spelling.Length].TrimEnd()))
            {
                return $"{lower[..^spelling.Length].TrimEnd()} {unit}";
            }
        }

        return IsNumber(lower) && decimal.Parse(lower, System.Globalization.CultureInfo.InvariantCulture) < SmallestSmallUnit ? $"{lower} {unit}" : text;
    }

    private static bool IsNumber(string text) =>
        decimal.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out _);
}
