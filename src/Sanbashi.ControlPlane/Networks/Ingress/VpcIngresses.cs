using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ingress;

/// <summary>Finds VPC ingress connections.</summary>
internal sealed class VpcIngresses(NetworkDirectory directory)
{
    /// <summary>A service that is called through a network stays until it is no more.</summary>
    /// <exception cref="ApiException">It has a connection.</exception>
    public async Task DemandNone(ServiceRecord service, CancellationToken cancellationToken)
    {
        var map = await directory.Read(service.Scope, cancellationToken);
        if (map.All<VpcIngressRecord>().FirstOrDefault(ingress => ingress.IsActive && ingress.ServiceId == service.Id) is { } present)
        {
            throw ApiErrors.InvalidState($"Service {service.Name} can't be deleted, because it has a VPC ingress connection: {present.Name}. Delete that first (DeleteVpcIngressConnection).");
        }
    }

    /// <summary>By its ARN.</summary>
    /// <exception cref="ApiException">It is no connection's ARN, or names nothing here.</exception>
    public static VpcIngressRecord Get(NetworkMap map, ResourceScope scope, string text)
    {
        var arn = ResourceArn.Parse(text);
        if (arn.Kind != ResourceArn.VpcIngressKind || arn.Path.Count != 2)
        {
            throw ResourceArn.Malformed(text, "arn:aws:apprunner:<region>:<account>:vpcingressconnection/<name>/<id>");
        }

        return arn.IsIn(scope) && map.Find<VpcIngressRecord>(arn.Path[1]) is { } ingress && ingress.Arn == text
            ? ingress
            : throw ApiErrors.NotFound($"VPC ingress connection not found: there is none with the ARN {Excerpt.Of(text, 200)} in account {scope.Account} and region {scope.Region}.");
    }
}
