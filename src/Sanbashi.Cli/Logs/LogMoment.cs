using System.Globalization;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Cli.Logs;

/// <summary>The beginning of the time that is asked for.</summary>
internal static class LogMoment
{
    /// <summary>Who follows wants the present, with enough before it to see what it is about.</summary>
    private static readonly TimeSpan _before = TimeSpan.FromMinutes(10);

    /// <param name="text">What was given; null for the default.</param>
    /// <param name="isRecent">Whether the default is the recent past instead of everything.</param>
    /// <exception cref="FormatException">It is neither a duration nor a time.</exception>
    public static DateTimeOffset? Parse(string? text, bool isRecent, TimeProvider timeProvider)
    {
        var now = timeProvider.GetUtcNow();
        if (text is null)
        {
            return isRecent ? now - _before : null;
        }

        if (DurationText.TryParse(text, out var duration))
        {
            return now - duration;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
            ? time
            : throw new FormatException($"--since {text} is neither a duration (90s, 10m, 2h) nor a time (2026-11-21T08:00:00).");
    }
}
