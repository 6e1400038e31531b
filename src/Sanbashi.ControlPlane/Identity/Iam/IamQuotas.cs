namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>IAM's quotas. They bound what is held in memory, too.</summary>
internal static class IamQuotas
{
    public const int Users = 5000;
    public const int Groups = 300;
    public const int Roles = 1000;
    public const int Policies = 1500;
    public const int KeysPerUser = 2;
    public const int GroupsPerUser = 10;
    public const int PoliciesPerHolder = 10;
    public const int VersionsPerPolicy = 5;
    public const int TagsPerHolder = 50;
    public const int ManagedPolicySize = 6144;
    public const int TrustPolicySize = 4096;

    public static int InlineSize(string kind) => kind switch { "user" => 2048, "group" => 5120, _ => 10240 };
}
