using Sanbashi.Domain.Identity;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>What holds for users, groups and roles alike.</summary>
internal static class HolderRules
{
    /// <exception cref="Wire.ApiException">DeleteConflict.</exception>
    public static void DemandNoPolicies(PolicyHolder holder)
    {
        if (holder.AttachedPolicies.Count > 0)
        {
            throw IamErrors.DeleteConflict("Cannot delete entity, must detach all policies first.");
        }

        if (holder.InlinePolicies.Count > 0)
        {
            throw IamErrors.DeleteConflict("Cannot delete entity, must delete policies first.");
        }
    }

    public static bool IsBelow(string path, string prefix) => path.StartsWith(prefix, StringComparison.Ordinal);
}
