namespace Sanbashi.Cli.Supervision;

/// <summary>
/// When a process that ended by itself is started again: at once, unless it keeps ending; then ever later. Pure but for the count it keeps.
/// </summary>
internal sealed class RestartPolicy
{
    /// <summary>A process that was up this long has recovered: the next end is a first one again.</summary>
    public static TimeSpan Recovered { get; } = TimeSpan.FromSeconds(60);

    /// <summary>From this many ends in a row it is called a crash loop.</summary>
    public const int CrashLoopAt = 3;

    // The first two are immediate, so that a killed process is back well within a second even if it is killed twice.
    private static readonly TimeSpan[] _delays =
    [
        TimeSpan.Zero,
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromMilliseconds(500),
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(30),
    ];

    /// <summary>Ends in a row.</summary>
    public int Failures { get; private set; }

    public bool IsCrashLoop => Failures >= CrashLoopAt;

    /// <summary>The process ended after having been up for <paramref name="lived"/>: how long to wait before the next start.</summary>
    public TimeSpan Ended(TimeSpan lived)
    {
        Failures = lived >= Recovered ? 1 : Failures + 1;
        return _delays[Math.Min(Failures, _delays.Length) - 1];
    }
}
