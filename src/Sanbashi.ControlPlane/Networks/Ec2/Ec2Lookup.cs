using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>Finds what calls name.</summary>
internal static class Ec2Lookup
{
    /// <exception cref="Wire.ApiException">There is none; the code tells its kind.</exception>
    public static T Get<T>(this NetworkMap map, string id)
        where T : NetworkResource => map.Find<T>(id) ?? throw Ec2Errors.NotFound(id);

    /// <summary>What a member of the input names; the model requires it.</summary>
    public static T Named<T>(this NetworkMap map, JsonObject input, string member)
        where T : NetworkResource => map.Get<T>(input.Text(member) ?? throw Ec2Errors.Missing(member));

    /// <summary>The VPC that is named, else the default one.</summary>
    public static VpcRecord VpcOrDefault(this NetworkMap map, JsonObject input) =>
        input.Text("VpcId") is { } id
            ? map.Get<VpcRecord>(id)
            : map.DefaultVpc ?? throw new Wire.ApiException("VPCIdNotSpecified", "No default VPC for this user");
}
