namespace Sanbashi.ControlPlane.Logs;

/// <summary>Which lines to read. All conditions that are set must hold.</summary>
public sealed record LogQuery(string ServiceId, LogGroup Group)
{
    /// <summary>Null: all streams of the group.</summary>
    public IReadOnlyCollection<string>? Streams { get; init; }

    public string? StreamPrefix { get; init; }

    /// <summary>From this stamp on.</summary>
    public long? StartNanoseconds { get; init; }

    /// <summary>Before this stamp.</summary>
    public long? EndNanoseconds { get; init; }

    public Func<string, bool>? Filter { get; init; }

    /// <summary>At most so many lines. Default: 10,000.</summary>
    public int Limit { get; init; } = 10_000;

    /// <summary>At most so many bytes of text (in UTF-8, plus 26 per line, as CloudWatch counts), but at least one line. Default: 1 MiB.</summary>
    public int MaxBytes { get; init; } = 1024 * 1024;

    /// <summary>The oldest lines of the range first; else the newest ones (still in ascending order). Default: true.</summary>
    public bool FromHead { get; init; } = true;

    /// <summary>From the head: lines after this position; else lines before it, with the line at the position left out.</summary>
    public LogPosition? Cursor { get; init; }
}
