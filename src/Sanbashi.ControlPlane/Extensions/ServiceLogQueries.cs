using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Logs.Files;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Extensions;

/// <summary>GetServiceLogs: a service's lines, oldest first. The token of an answer goes on after its last line, also when there is no further line yet.</summary>
internal sealed class ServiceLogQueries(ServiceLookup lookup, LogStore logs)
{
    private const int DefaultLimit = 1000;

    /// <summary>Stamps are nanoseconds in 64 bits, which end in 2262.</summary>
    private const decimal LastSecond = 9_000_000_000;

    public async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken)
    {
        var service = (await lookup.Find(call, cancellationToken)).Record;
        var query = Query(service.Id, call.Input) with { Cursor = Position(call), Limit = call.Input.Integer("Limit") ?? DefaultLimit };
        var page = logs.Read(query);
        return new JsonObject
        {
            ["Events"] = ApiOutput.List(page.Records.Select(record => new JsonObject
            {
                ["Timestamp"] = ApiOutput.Timestamp(record.Timestamp),
                ["Message"] = record.Text,
                ["Stream"] = query.Group == LogGroup.Service && record.Stream == LogFolder.EventsStream ? null : record.Stream,
            })),
            ["NextToken"] = PageTokens.Write(call, Cursor(page.Next ?? query.Cursor ?? LogPosition.Start)),
        };
    }

    /// <summary>By default the service's events.</summary>
    private static LogQuery Query(string serviceId, JsonObject input)
    {
        var start = input["StartTime"] is { } time ? Nanoseconds(time) : (long?)null;
        var query = input.Text("LogType") switch
        {
            "application" => OfStream(new LogQuery(serviceId, LogGroup.Application), LogFolder.InstancePrefix, input.Text("InstanceId")),
            "deployment" => OfStream(new LogQuery(serviceId, LogGroup.Service), LogFolder.DeploymentPrefix, input.Text("OperationId")),
            "access" => new LogQuery(serviceId, LogGroup.Access),
            _ => new LogQuery(serviceId, LogGroup.Service) { Streams = [LogFolder.EventsStream] },
        };
        return query with { StartNanoseconds = start };
    }

    private static LogQuery OfStream(LogQuery query, string prefix, string? id) =>
        id is null ? query with { StreamPrefix = prefix } : query with { Streams = [prefix + id] };

    private static long Nanoseconds(JsonNode seconds)
    {
        var value = decimal.Parse(seconds.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
        return (long)(Math.Clamp(value, 0, LastSecond) * 1_000_000_000);
    }

    private static string Cursor(LogPosition position) => string.Create(CultureInfo.InvariantCulture, $"{position.Nanoseconds} {position.Key}");

    private static LogPosition? Position(ApiCall call)
    {
        if (PageTokens.Read(call, ApiErrors.InvalidRequestCode) is not { } cursor)
        {
            return null;
        }

        var space = cursor.IndexOf(' ');
        return new LogPosition(long.Parse(cursor.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture), cursor.Length > space + 1 ? cursor[(space + 1)..] : null);
    }
}
