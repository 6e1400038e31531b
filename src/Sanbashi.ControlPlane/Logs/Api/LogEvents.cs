using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Logs.Api;

/// <summary>Reads lines: of one stream in both directions, or of many in the order of their stamps.</summary>
internal sealed class LogEvents(LogStore store, LogGroupLookup groups)
{
    private const int DefaultLimit = 10_000;
    private const string Token = "nextToken";

    public JsonObject GetLogEvents(ApiCall call)
    {
        var group = groups.Find(call);
        var stream = call.Input.Text("logStreamName")!;
        var token = call.Input.Text(Token) is { } text ? EventToken.Parse(text) : null;
        var (start, end) = Range(call, isEndIncluded: false);
        if (!store.StreamExists(group.ServiceId, group.Group, stream))
        {
            throw LogErrors.NoStream();
        }

        var isForward = token?.IsForward ?? call.Input.Flag("startFromHead") ?? false;
        var page = store.Read(new LogQuery(group.ServiceId, group.Group)
        {
            Streams = [stream],
            StartNanoseconds = start,
            EndNanoseconds = end,
            FromHead = isForward,
            Limit = call.Input.Integer("limit") ?? DefaultLimit,
            Cursor = token?.Position,
        });

        // At an end the token that was given comes back: that is how clients know.
        var standing = token?.Position ?? new LogPosition(Math.Max(0, (start ?? 0) - 1), null);
        var (first, last) = page.Records is [var one, .., var other] ? (one.Position, other.Position)
            : page.Records is [var only] ? (only.Position, only.Position)
            : (standing, standing);
        return new JsonObject
        {
            ["events"] = new JsonArray([.. page.Records.Select(Event)]),
            ["nextForwardToken"] = new EventToken(true, last).ToString(),
            ["nextBackwardToken"] = new EventToken(false, first).ToString(),
        };
    }

    public JsonObject FilterLogEvents(ApiCall call)
    {
        var input = call.Input;
        var (names, prefix) = (input.Texts("logStreamNames"), input.Text("logStreamNamePrefix"));
        if (names is not null && prefix is not null)
        {
            throw LogErrors.InvalidParameter("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
        }

        var filter = FilterPattern.Parse(input.Text("filterPattern") ?? "");
        var (start, end) = Range(call, isEndIncluded: true);
        var group = groups.Find(call);
        if (names?.FirstOrDefault(name => !store.StreamExists(group.ServiceId, group.Group, name)) is not null)
        {
            throw LogErrors.NoStream();
        }

        var page = store.Read(new LogQuery(group.ServiceId, group.Group)
        {
            Streams = names,
            StreamPrefix = prefix,
            StartNanoseconds = start,
            EndNanoseconds = end,
            Filter = filter is null ? null : filter.IsMatch,
            Limit = input.Integer("limit") ?? DefaultLimit,
            Cursor = PageTokens.Read(call, LogErrors.InvalidParameterCode, Token) is { } cursor ? EventToken.Parse(cursor).Position : null,
        });
        var output = new JsonObject
        {
            ["events"] = new JsonArray([.. page.Records.Select(FilteredEvent)]),
            ["searchedLogStreams"] = new JsonArray(),
        };
        if (!page.IsEnd && page.Next is { } next)
        {
            output[Token] = PageTokens.Write(call, new EventToken(true, next).ToString(), Token);
        }

        return output;
    }

    /// <summary>From milliseconds; the end is before a stamp.</summary>
    private static (long? Start, long? End) Range(ApiCall call, bool isEndIncluded)
    {
        var (start, end) = (Milliseconds(call.Input, "startTime"), Milliseconds(call.Input, "endTime"));
        if (start > end)
        {
            throw LogErrors.InvalidParameter($"startTime {start} is after endTime {end}.");
        }

        return (start is { } from ? LogTime.OfMilliseconds(from) : null, end is { } to ? LogTime.OfMilliseconds(isEndIncluded ? to + 1 : to) : null);
    }

    /// <summary>Stamps beyond what nanoseconds can hold (the year 2262) are that year.</summary>
    private static long? Milliseconds(JsonObject input, string member) => input[member] is { } node
        ? (long)Math.Min(decimal.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture), (long.MaxValue / 1_000_000) - 1)
        : null;

    private static JsonObject Event(LogRecord record) => new()
    {
        ["timestamp"] = LogTime.Milliseconds(record.Nanoseconds),
        ["message"] = Message(record),
        ["ingestionTime"] = LogTime.Milliseconds(record.Nanoseconds),
    };

    private static JsonObject FilteredEvent(LogRecord record) => new()
    {
        ["logStreamName"] = record.Stream,
        ["timestamp"] = LogTime.Milliseconds(record.Nanoseconds),
        ["message"] = Message(record),
        ["ingestionTime"] = LogTime.Milliseconds(record.Nanoseconds),
        ["eventId"] = EventId(record),
    };

    /// <summary>The model has no empty messages.</summary>
    private static string Message(LogRecord record) => record.Text.Length > 0 ? record.Text : " ";

    /// <summary>Digits only, ascending with time, the same at each reading.</summary>
    private static string EventId(LogRecord record)
    {
        var stream = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(record.Position.Key!)));
        return string.Create(CultureInfo.InvariantCulture, $"{record.Nanoseconds:D20}{stream:D20}");
    }
}
