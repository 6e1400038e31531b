namespace Sanbashi.Cli.Logs;

/// <summary>Which log lines of a service are wanted.</summary>
internal sealed record LogQuery(string ServiceArn, string Type)
{
    public string? OperationId { get; init; }

    public string? InstanceId { get; init; }

    /// <summary>Only lines since then; null: from the beginning of what is kept.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <param name="Stream">The instance or operation it comes from; null for a service's own events.</param>
internal sealed record LogEvent(DateTimeOffset Timestamp, string Message, string? Stream);
