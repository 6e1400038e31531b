using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>The calls about replicas in other regions, which one machine does not have.</summary>
internal sealed class SecretReplication(SecretLookup lookup)
{
    public async Task<JsonObject> Replicate(ApiCall call, CancellationToken cancellationToken)
    {
        await lookup.FindLive(call, cancellationToken);
        RefuseReplicas(call.Input.Objects("AddReplicaRegions"), call.Region);
        throw SecretErrors.InvalidParameter("AddReplicaRegions is empty.");
    }

    /// <summary>There are none, so there is nothing to remove.</summary>
    public async Task<JsonObject> Remove(ApiCall call, CancellationToken cancellationToken)
    {
        var secret = (await lookup.FindLive(call, cancellationToken)).Record;
        return new JsonObject { ["ARN"] = secret.Arn, ["ReplicationStatus"] = new JsonArray() };
    }

    public async Task<JsonObject> Stop(ApiCall call, CancellationToken cancellationToken)
    {
        await lookup.FindLive(call, cancellationToken);
        throw SecretErrors.InvalidRequest("Operation not permitted on a primary secret: StopReplicationToReplica must be called on a replica, and secrets have none here.");
    }

    public static void RefuseReplicas(IReadOnlyList<JsonObject>? regions, string region)
    {
        if (regions is not { Count: > 0 })
        {
            return;
        }

        throw regions.Any(replica => replica.Text("Region") == region)
            ? SecretErrors.InvalidParameter("Invalid replica region: it is the secret's own region.")
            : SecretErrors.InvalidRequest("Secrets are not replicated to other regions here: a region is a name space on this machine. Create the secret in each region that needs it.");
    }
}
