using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Logs.Api;

internal sealed class LogRetention(LogStore store, LogGroupLookup groups)
{
    /// <summary>What CloudWatch Logs takes.</summary>
    private static readonly int[] Days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    public JsonObject Put(ApiCall call)
    {
        var days = call.Input.Integer("retentionInDays") ?? 0;
        if (!Days.Contains(days))
        {
            throw LogErrors.InvalidParameter(
                $"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [{string.Join(", ", Days)}]");
        }

        var group = groups.Find(call);
        store.SetRetention(group.ServiceId, group.Group, days);
        return [];
    }

    /// <summary>Without a policy, CloudWatch Logs keeps for ever.</summary>
    public JsonObject Delete(ApiCall call)
    {
        var group = groups.Find(call);
        store.SetRetention(group.ServiceId, group.Group, 0);
        return [];
    }

    public JsonObject DeleteGroup(ApiCall call)
    {
        var group = groups.Find(call);
        store.DeleteGroup(group.ServiceId, group.Group);
        return [];
    }
}
