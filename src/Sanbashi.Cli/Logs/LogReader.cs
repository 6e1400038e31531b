using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Services;

namespace Sanbashi.Cli.Logs;

/// <summary>Reads a log forward, each line once, by the cursor that the platform hands out.</summary>
internal sealed class LogReader(PlatformApi api, LogQuery query)
{
    private const int PageSize = 1000;
    private string? _cursor;

    /// <summary>Lines that were written since the last call, oldest first; at most one page.</summary>
    public async Task<IReadOnlyList<LogEvent>> ReadNew(CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["ServiceArn"] = query.ServiceArn, ["LogType"] = query.Type, ["Limit"] = PageSize };
        if (query.OperationId is { } operation)
        {
            input["OperationId"] = operation;
        }

        if (query.InstanceId is { } instance)
        {
            input["InstanceId"] = instance;
        }

        if (query.Since is { } since)
        {
            input["StartTime"] = (since - DateTimeOffset.UnixEpoch).TotalSeconds;
        }

        if (_cursor is not null)
        {
            input["NextToken"] = _cursor;
        }

        var page = await api.Sanbashi("GetServiceLogs", input, cancellationToken);
        _cursor = (string?)page["NextToken"] ?? _cursor;
        return [.. page["Events"]!.AsArray().Select(line => new LogEvent(
            ServiceText.Time(line!["Timestamp"]) ?? DateTimeOffset.UnixEpoch, (string?)line["Message"] ?? "", (string?)line["Stream"]))];
    }
}
