namespace Sanbashi.ControlPlane.Logs;

/// <summary>A place between lines: after the line with this stamp, in the order in which lines of several files are merged. Stays right when files are rotated or removed.</summary>
/// <param name="Nanoseconds">Of the line before.</param>
/// <param name="Key">Stream and source of the line before; orders lines with equal stamps. Null: after all lines with this stamp.</param>
public sealed record LogPosition(long Nanoseconds, string? Key) : IComparable<LogPosition>
{
    /// <summary>Before every line.</summary>
    public static LogPosition Start { get; } = new(0, null);

    public static bool operator <(LogPosition left, LogPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(LogPosition left, LogPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogPosition left, LogPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogPosition left, LogPosition right) => left.CompareTo(right) >= 0;

    public int CompareTo(LogPosition? other)
    {
        if (other is null || Nanoseconds != other.Nanoseconds)
        {
            return other is null ? 1 : Nanoseconds.CompareTo(other.Nanoseconds);
        }

        return (Key, other.Key) switch
        {
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            _ => string.CompareOrdinal(Key, other.Key),
        };
    }
}
