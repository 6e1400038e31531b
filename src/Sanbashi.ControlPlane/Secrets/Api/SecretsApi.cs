using Sanbashi.ControlPlane.Secrets.Rotation;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>Secrets Manager.</summary>
internal static class SecretsApi
{
    public static ApiService Create(SecretDocuments documents, SecretLookup lookup, SecretVault vault, Rotators rotators, IIdGenerator ids, TimeProvider time)
    {
        var list = new SecretList(documents, time);
        var reading = new SecretReading(documents, lookup, vault, list, time);
        var descriptions = new SecretDescriptions(lookup);
        var changes = new SecretChanges(documents, lookup, vault, time);
        var deletion = new SecretDeletion(documents, lookup, time);
        var tags = new SecretTags(documents, lookup);
        var policies = new SecretPolicies(documents, lookup);
        var rotations = new SecretRotations(documents, lookup, rotators, time);
        var replication = new SecretReplication(lookup);
        return new ApiService(ServiceModel.LoadEmbedded("secretsmanager"))
            .Handle("CreateSecret", new SecretCreation(documents, vault, ids, time).Create)
            .Handle("GetSecretValue", reading.Get)
            .Handle("BatchGetSecretValue", reading.GetBatch)
            .Handle("DescribeSecret", descriptions.Describe)
            .Handle("ListSecrets", list.List)
            .Handle("ListSecretVersionIds", descriptions.ListVersions)
            .Handle("PutSecretValue", changes.Put)
            .Handle("UpdateSecret", changes.Update)
            .Handle("UpdateSecretVersionStage", changes.UpdateStage)
            .Handle("DeleteSecret", deletion.Delete)
            .Handle("RestoreSecret", deletion.Restore)
            .Handle("GetRandomPassword", SecretPasswords.Get)
            .Handle("TagResource", tags.Tag)
            .Handle("UntagResource", tags.Untag)
            .Handle("GetResourcePolicy", policies.Get)
            .Handle("PutResourcePolicy", policies.Put)
            .Handle("DeleteResourcePolicy", policies.Delete)
            .Handle("ValidateResourcePolicy", policies.Validate)
            .Handle("RotateSecret", rotations.Rotate)
            .Handle("CancelRotateSecret", rotations.Cancel)
            .Handle("ReplicateSecretToRegions", replication.Replicate)
            .Handle("RemoveRegionsFromReplication", replication.Remove)
            .Handle("StopReplicationToReplica", replication.Stop);
    }
}
