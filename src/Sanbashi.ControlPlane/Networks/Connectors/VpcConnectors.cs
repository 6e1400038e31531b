using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Connectors;

/// <summary>Finds VPC connectors.</summary>
internal sealed class VpcConnectors(NetworkDirectory directory)
{
    /// <summary>What a service's network configuration means for its instances; null: no VPC.</summary>
    /// <exception cref="ApiException">It names a connector that is not there.</exception>
    public async Task<NetworkAttachment?> Attachment(ResourceScope scope, NetworkDefinition network, CancellationToken cancellationToken)
    {
        if (network.VpcConnectorArn is not { } arn)
        {
            return null;
        }

        var connector = Find(await directory.Read(scope, cancellationToken), scope, arn);
        return connector is { IsActive: true }
            ? connector.Attachment
            : throw ApiErrors.InvalidRequest($"NetworkConfiguration.EgressConfiguration names a VPC connector that does not exist or was deleted: {Excerpt.Of(arn, 200)}. ListVpcConnectors shows those that there are.");
    }

    /// <summary>By its full ARN.</summary>
    /// <exception cref="ApiException">It is no connector's ARN, or names nothing here.</exception>
    public static VpcConnectorRecord Get(NetworkMap map, ResourceScope scope, string arn) => Find(map, scope, arn)
        ?? throw ApiErrors.NotFound($"VPC connector not found: there is none with the ARN {Excerpt.Of(arn, 200)} in account {scope.Account} and region {scope.Region}.");

    private static VpcConnectorRecord? Find(NetworkMap map, ResourceScope scope, string text)
    {
        var arn = ResourceArn.Parse(text);
        if (arn.Kind != ResourceArn.VpcConnectorKind || arn.Path.Count != 3)
        {
            throw ResourceArn.Malformed(text, "arn:aws:apprunner:<region>:<account>:vpcconnector/<name>/<revision>/<id>");
        }

        return arn.IsIn(scope) && map.Find<VpcConnectorRecord>(arn.Path[2]) is { } connector && connector.Arn == text ? connector : null;
    }
}
