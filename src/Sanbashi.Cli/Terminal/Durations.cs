using System.Globalization;

namespace Sanbashi.Cli.Terminal;

/// <summary>Durations and ages as people say them.</summary>
internal static class Durations
{
    /// <summary><c>0.8 s</c>, <c>42 s</c>, <c>3 min 5 s</c>, <c>2 h 10 min</c>, <c>5 d 3 h</c>.</summary>
    public static string Text(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 0 } => "0 s",
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s"),
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0} s"),
        { TotalMinutes: < 60 } => $"{duration.Minutes} min {duration.Seconds} s",
        { TotalHours: < 24 } => $"{duration.Hours} h {duration.Minutes} min",
        _ => $"{(int)duration.TotalDays} d {duration.Hours} h",
    };
}
