namespace Sanbashi.ControlPlane.Identity.Roles;

/// <summary>What an instance signs with as its role.</summary>
internal sealed record InstanceCredentials(string RoleArn, string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset ExpiresAt)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => $"credentials of {RoleArn} until {ExpiresAt:u}";
}
