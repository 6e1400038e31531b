using Sanbashi.Domain.Identity;

namespace Sanbashi.ControlPlane.Api;

/// <summary>An App Runner ARN, taken apart.</summary>
/// <param name="Kind">The resource type: <c>service</c>, <c>autoscalingconfiguration</c>, ...</param>
/// <param name="Path">What follows the type, at slashes.</param>
internal sealed record ResourceArn(string Text, string Partition, ResourceScope Scope, string Kind, IReadOnlyList<string> Path)
{
    public const string ServiceKind = "service";
    public const string AutoScalingKind = "autoscalingconfiguration";
    public const string VpcConnectorKind = "vpcconnector";
    public const string VpcIngressKind = "vpcingressconnection";

    /// <exception cref="Wire.ApiException">It is not of the form <c>arn:aws:apprunner:region:account:type/path</c>.</exception>
    public static ResourceArn Parse(string text)
    {
        var parts = text.Split(':', 6);
        if (parts.Length != 6 || parts[0] != "arn" || parts[2] != "apprunner")
        {
            throw Malformed(text, "arn:aws:apprunner:<region>:<account>:<type>/<name>/<id>");
        }

        var path = parts[5].Split('/');
        if (path.Length < 2 || path.Any(part => part.Length == 0))
        {
            throw Malformed(text, "arn:aws:apprunner:<region>:<account>:<type>/<name>/<id>");
        }

        return new ResourceArn(text, parts[1], new ResourceScope(parts[4], parts[3]), path[0], path[1..]);
    }

    public static Wire.ApiException Malformed(string text, string form) =>
        ApiErrors.InvalidRequest($"'{Excerpt.Of(text, 200)}' is not a valid ARN here. Expected {form}.");

    /// <summary>Whether the ARN can name anything in the name space of a call.</summary>
    public bool IsIn(ResourceScope scope) => Partition == "aws" && Scope == scope;
}
