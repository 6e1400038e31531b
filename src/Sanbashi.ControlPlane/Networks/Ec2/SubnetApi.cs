using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>The operations on subnets.</summary>
internal sealed class SubnetApi(Ec2Calls calls)
{
    private static readonly Ec2Description<SubnetRecord> _description = new(
        "Subnets",
        "SubnetIds",
        new Ec2Filters<SubnetRecord>()
            .On("subnet-id", subnet => subnet.Id)
            .On("vpc-id", subnet => subnet.VpcId)
            .On("cidr-block", subnet => subnet.Cidr)
            .On("cidr", subnet => subnet.Cidr)
            .On("cidrBlock", subnet => subnet.Cidr)
            .On("availability-zone", subnet => subnet.AvailabilityZone)
            .On("availabilityZone", subnet => subnet.AvailabilityZone)
            .On("availability-zone-id", subnet => RegionApi.ZoneId(subnet.AvailabilityZone))
            .On("default-for-az", subnet => subnet.IsDefault)
            .On("defaultForAz", subnet => subnet.IsDefault)
            .On("map-public-ip-on-launch", subnet => subnet.MapsPublicAddresses)
            .On("state", _ => "available"),
        (call, _, subnet) => Render(call, subnet));

    public void Register(ApiService api) => api
        .Handle("CreateSubnet", calls.Change(Create))
        .Handle("DeleteSubnet", calls.Change(Delete))
        .Handle("DescribeSubnets", calls.Query(_description.Answer))
        .Handle("ModifySubnetAttribute", calls.Change(ModifyAttribute));

    private static JsonObject Create(ApiCall call, NetworkEdit edit)
    {
        if (call.Input.Text("Ipv6CidrBlock") is not null || call.Input.Flag("Ipv6Native") == true)
        {
            throw Ec2Errors.Unsupported("Networks here have no IPv6. Leave the IPv6 parameters out.");
        }

        var vpc = edit.Map.Named<VpcRecord>(call.Input, "VpcId");
        var text = call.Input.Text("CidrBlock") ?? throw Ec2Errors.Missing("CidrBlock");
        var block = AddressPlan.Read(text) ?? throw Ec2Errors.Invalid($"Value ({Excerpt.Of(text)}) for parameter cidrBlock is invalid. This is not a valid CIDR block.");
        if (!AddressPlan.HasLegalSize(block) || !Ipv4Block.Parse(vpc.Cidr).Contains(block))
        {
            throw new ApiException("InvalidSubnet.Range", $"The CIDR '{text}' is invalid.");
        }

        if (AddressPlan.Conflict(edit.Map.SubnetsOf(vpc.Id), block) is not null)
        {
            throw new ApiException("InvalidSubnet.Conflict", $"The CIDR '{text}' conflicts with another subnet");
        }

        if (edit.Map.SubnetsOf(vpc.Id).Count() >= Ec2Quotas.SubnetsPerVpc)
        {
            throw Ec2Errors.Limit("Subnet", "The maximum number of subnets has been reached.");
        }

        var subnet = edit.Put(new SubnetRecord
        {
            Id = NetworkIds.Of("subnet"),
            CreatedAt = edit.Now,
            VpcId = vpc.Id,
            Cidr = block.ToString(),
            AvailabilityZone = Zone(call),
            Tags = Ec2Tags.Specified(call.Input, "subnet"),
        });
        return new JsonObject { ["Subnet"] = Render(call, subnet) };
    }

    private static string Zone(ApiCall call)
    {
        var zones = DefaultNetwork.ZonesOf(call.Region);
        var (asked, named) = (call.Input.Text("AvailabilityZone"), call.Input.Text("AvailabilityZoneId"));
        if (asked is not null && named is not null)
        {
            throw Ec2Errors.Combination("The parameters AvailabilityZone and AvailabilityZoneId cannot be used together");
        }

        return asked is null && named is null
            ? zones[0]
            : zones.FirstOrDefault(zone => zone == asked || RegionApi.ZoneId(zone) == named)
                ?? throw Ec2Errors.Invalid($"Value ({Excerpt.Of(asked ?? named!)}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: {string.Join(", ", zones)}.");
    }

    private static JsonObject Delete(ApiCall call, NetworkEdit edit)
    {
        var map = edit.Map;
        var subnet = map.Named<SubnetRecord>(call.Input, "SubnetId");
        if (map.All<NatGatewayRecord>().Any(gateway => gateway.DeletedAt is null && gateway.SubnetId == subnet.Id)
            || map.All<VpcEndpointRecord>().Any(endpoint => endpoint.SubnetIds.Contains(subnet.Id))
            || map.All<VpcConnectorRecord>().Any(connector => connector.IsActive && connector.SubnetIds.Contains(subnet.Id)))
        {
            throw Ec2Errors.Dependency($"The subnet '{subnet.Id}' has dependencies and cannot be deleted.");
        }

        foreach (var table in map.TablesOf(subnet.VpcId).Where(table => table.Associations.Any(association => association.SubnetId == subnet.Id)))
        {
            edit.Put(table with { Associations = [.. table.Associations.Where(association => association.SubnetId != subnet.Id)] });
        }

        edit.Remove(subnet);
        return [];
    }

    private static JsonObject ModifyAttribute(ApiCall call, NetworkEdit edit)
    {
        var subnet = edit.Map.Named<SubnetRecord>(call.Input, "SubnetId");
        edit.Put(subnet with { MapsPublicAddresses = call.Input.Object("MapPublicIpOnLaunch")?.Flag("Value") ?? subnet.MapsPublicAddresses });
        return [];
    }

    private static JsonObject Render(ApiCall call, SubnetRecord subnet) => new()
    {
        ["SubnetId"] = subnet.Id,
        ["SubnetArn"] = Ec2Arns.Of(call, "subnet", subnet.Id),
        ["VpcId"] = subnet.VpcId,
        ["OwnerId"] = call.Account,
        ["CidrBlock"] = subnet.Cidr,
        ["AvailabilityZone"] = subnet.AvailabilityZone,
        ["AvailabilityZoneId"] = RegionApi.ZoneId(subnet.AvailabilityZone),
        ["AvailableIpAddressCount"] = (int)(Ipv4Block.Parse(subnet.Cidr).Size - AddressPlan.ReservedAddresses),
        ["DefaultForAz"] = subnet.IsDefault,
        ["MapPublicIpOnLaunch"] = subnet.MapsPublicAddresses,
        ["MapCustomerOwnedIpOnLaunch"] = false,
        ["AssignIpv6AddressOnCreation"] = false,
        ["EnableDns64"] = false,
        ["Ipv6Native"] = false,
        ["Ipv6CidrBlockAssociationSet"] = new JsonArray(),
        ["State"] = "available",
        ["Tags"] = Ec2Tags.Render(subnet.Tags),
    };
}
