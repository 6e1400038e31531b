using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.AutoScaling;

namespace Sanbashi.ControlPlane.AutoScaling;

/// <summary>Auto scaling configurations as the API shows them.</summary>
internal static class AutoScalingAnswers
{
    public static JsonObject Summary(AutoScalingConfigurationRecord configuration, AutoScalingUse use) => new()
    {
        ["AutoScalingConfigurationArn"] = configuration.Arn,
        ["AutoScalingConfigurationName"] = configuration.Name,
        ["AutoScalingConfigurationRevision"] = configuration.Revision,
        ["Status"] = Status(configuration),
        ["CreatedAt"] = ApiOutput.Timestamp(configuration.CreatedAt),
        ["HasAssociatedService"] = use.IsUsed(configuration),
        ["IsDefault"] = configuration.IsDefault,
    };

    public static JsonObject Full(AutoScalingConfigurationRecord configuration, bool isLatest, AutoScalingUse use)
    {
        var output = Summary(configuration, use);
        output["Latest"] = isLatest;
        output["MaxConcurrency"] = configuration.Limits.MaxConcurrency;
        output["MinSize"] = configuration.Limits.MinSize;
        output["MaxSize"] = configuration.Limits.MaxSize;
        output["DeletedAt"] = ApiOutput.Timestamp(configuration.DeletedAt);
        return output;
    }

    /// <summary>Lower case, unlike the model's enum: that is what the real service sends and what Terraform waits for.</summary>
    private static string Status(AutoScalingConfigurationRecord configuration) => configuration.IsActive ? "active" : Inactive;

    public const string Inactive = "inactive";
}
