using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Logs.Api;

/// <summary>The part of CloudWatch Logs that reads and bounds the logs of services, over the store of logs.</summary>
public static class LogsApi
{
    /// <param name="store">Whose logs are shown.</param>
    /// <param name="directory">Which services have logs; default: those that the store knows.</param>
    public static ApiService Create(LogStore store, ILogGroupDirectory? directory = null)
    {
        var groups = new LogGroupLookup(store, directory ?? new StoredLogGroups(store));
        var description = new LogDescriptions(store, groups);
        var events = new LogEvents(store, groups);
        var retention = new LogRetention(store, groups);
        return new ApiService(ServiceModel.LoadEmbedded("logs"))
            .Handle("DescribeLogGroups", (call, _) => Task.FromResult(description.DescribeLogGroups(call)))
            .Handle("DescribeLogStreams", (call, _) => Task.FromResult(description.DescribeLogStreams(call)))
            .Handle("GetLogEvents", (call, _) => Task.FromResult(events.GetLogEvents(call)))
            .Handle("FilterLogEvents", (call, _) => Task.FromResult(events.FilterLogEvents(call)))
            .Handle("PutRetentionPolicy", (call, _) => Task.FromResult(retention.Put(call)))
            .Handle("DeleteRetentionPolicy", (call, _) => Task.FromResult(retention.Delete(call)))
            .Handle("DeleteLogGroup", (call, _) => Task.FromResult(retention.DeleteGroup(call)));
    }
}
