using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Logs.Api;

/// <summary>Lists of groups and streams.</summary>
internal sealed class LogDescriptions(LogStore store, LogGroupLookup groups)
{
    private const int DefaultLimit = 50;
    private const string Token = "nextToken";

    public JsonObject DescribeLogGroups(ApiCall call)
    {
        var input = call.Input;
        var (prefix, pattern) = (input.Text("logGroupNamePrefix"), input.Text("logGroupNamePattern"));
        if (prefix is not null && pattern is not null)
        {
            throw LogErrors.InvalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }

        var identifiers = input.Texts("logGroupIdentifiers")?.Select(identifier => LogGroupLookup.NameOf(call, identifier)).ToHashSet();
        var isMine = input.Texts("accountIdentifiers") is not { Count: > 0 } accounts || accounts.Contains(call.Account);
        var isStandard = input.Text("logGroupClass") is null or "STANDARD";
        var matching = groups.All(call)
            .Select(group => (Key: group.Name.ToString(), group.Name, group.Owner))
            .Where(group => isMine && isStandard
                && (prefix is null || group.Key.StartsWith(prefix, StringComparison.Ordinal))
                && (pattern is null || group.Key.Contains(pattern, StringComparison.Ordinal))
                && (identifiers is null || identifiers.Contains(group.Key)))
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        var (page, next) = PageTokens.Page(call, matching, group => group.Key, input.Integer("limit") ?? DefaultLimit, LogErrors.InvalidParameterCode, Token);
        return Answer("logGroups", page.Select(group => Describe(call, group.Name, group.Owner)), next);
    }

    public JsonObject DescribeLogStreams(ApiCall call)
    {
        var input = call.Input;
        var prefix = input.Text("logStreamNamePrefix");
        var isByTime = input.Text("orderBy") == "LastEventTime";
        if (isByTime && prefix is not null)
        {
            throw LogErrors.InvalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }

        var group = groups.Find(call);
        var keyed = store.Streams(group.ServiceId, group.Group)
            .Where(stream => prefix is null || stream.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(stream => (Key: isByTime ? string.Create(CultureInfo.InvariantCulture, $"{stream.LastNanoseconds:D20} {stream.Name}") : stream.Name, Stream: stream));
        var limit = input.Integer("limit") ?? DefaultLimit;
        var (page, next) = input.Flag("descending") == true ? Descending(call, keyed, limit) : Ascending(call, keyed, limit);
        return Answer("logStreams", page.Select(stream => Describe(call, group, stream)), next);
    }

    private static (IEnumerable<LogStream> Page, string? Next) Ascending(ApiCall call, IEnumerable<(string Key, LogStream Stream)> keyed, int limit)
    {
        var (page, next) = PageTokens.Page(call, keyed.OrderBy(s => s.Key, StringComparer.Ordinal), s => s.Key, limit, LogErrors.InvalidParameterCode, Token);
        return (page.Select(s => s.Stream), next);
    }

    private static (IEnumerable<LogStream> Page, string? Next) Descending(ApiCall call, IEnumerable<(string Key, LogStream Stream)> keyed, int limit)
    {
        var before = PageTokens.Read(call, LogErrors.InvalidParameterCode, Token);
        var rest = keyed.Where(s => before is null || string.CompareOrdinal(s.Key, before) < 0).OrderByDescending(s => s.Key, StringComparer.Ordinal).Take(limit + 1).ToList();
        return (rest.Take(limit).Select(s => s.Stream), rest.Count > limit ? PageTokens.Write(call, rest[limit - 1].Key, Token) : null);
    }

    private JsonObject Describe(ApiCall call, LogGroupName name, LogOwner owner) => new()
    {
        ["logGroupName"] = name.ToString(),
        ["creationTime"] = owner.CreatedAt.ToUnixTimeMilliseconds(),
        ["retentionInDays"] = RetentionOf(owner, name.Group),
        ["metricFilterCount"] = 0,
        ["arn"] = $"{name.Arn(call.Scope())}:*",
        ["logGroupArn"] = name.Arn(call.Scope()),
        ["storedBytes"] = store.BytesOf(name.ServiceId, name.Group),
        ["logGroupClass"] = "STANDARD",
    };

    /// <summary>Null: for ever.</summary>
    private int? RetentionOf(LogOwner owner, LogGroup group) => owner.RetentionDays.TryGetValue(group, out var days)
        ? days == 0 ? null : days
        : (int)store.Options.MaxAge.TotalDays;

    private static JsonObject Describe(ApiCall call, LogGroupName group, LogStream stream) => new()
    {
        ["logStreamName"] = stream.Name,
        ["creationTime"] = LogTime.Milliseconds(stream.FirstNanoseconds),
        ["firstEventTimestamp"] = LogTime.Milliseconds(stream.FirstNanoseconds),
        ["lastEventTimestamp"] = LogTime.Milliseconds(stream.LastNanoseconds),
        ["lastIngestionTime"] = LogTime.Milliseconds(stream.LastNanoseconds),
        ["arn"] = $"{group.Arn(call.Scope())}:log-stream:{stream.Name}",
        ["storedBytes"] = stream.Bytes,
    };

    private static JsonObject Answer(string member, IEnumerable<JsonObject> items, string? next)
    {
        var output = new JsonObject { [member] = new JsonArray([.. items]) };
        if (next is not null)
        {
            output[Token] = next;
        }

        return output;
    }
}
