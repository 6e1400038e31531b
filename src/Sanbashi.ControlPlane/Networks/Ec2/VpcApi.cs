using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>The operations on VPCs.</summary>
internal sealed class VpcApi(Ec2Calls calls)
{
    private static readonly Ec2Description<VpcRecord> _description = new(
        "Vpcs",
        "VpcIds",
        new Ec2Filters<VpcRecord>()
            .On("vpc-id", vpc => vpc.Id)
            .On("cidr", vpc => vpc.Cidr)
            .On("cidr-block-association.cidr-block", vpc => vpc.Cidr)
            .On("is-default", vpc => vpc.IsDefault)
            .On("isDefault", vpc => vpc.IsDefault)
            .On("state", _ => "available"),
        (call, _, vpc) => Render(call, vpc));

    public void Register(ApiService api) => api
        .Handle("CreateVpc", calls.Change(Create))
        .Handle("DeleteVpc", calls.Change(Delete))
        .Handle("DescribeVpcs", calls.Query(_description.Answer))
        .Handle("DescribeVpcAttribute", calls.Query(DescribeAttribute))
        .Handle("ModifyVpcAttribute", calls.Change(ModifyAttribute));

    private static JsonObject Create(ApiCall call, NetworkEdit edit)
    {
        if (call.Input.Flag("AmazonProvidedIpv6CidrBlock") == true || call.Input.Text("Ipv6CidrBlock") is not null)
        {
            throw Ec2Errors.Unsupported("Networks here have no IPv6. Leave the IPv6 parameters out.");
        }

        var text = call.Input.Text("CidrBlock") ?? throw Ec2Errors.Missing("CidrBlock");
        var block = AddressPlan.Read(text) ?? throw Ec2Errors.Invalid($"Value ({Excerpt.Of(text)}) for parameter cidrBlock is invalid. This is not a valid CIDR block.");
        if (!AddressPlan.HasLegalSize(block))
        {
            throw new ApiException("InvalidVpc.Range", $"The CIDR '{text}' is invalid.");
        }

        if (edit.Map.All<VpcRecord>().Count() >= Ec2Quotas.Vpcs)
        {
            throw Ec2Errors.Limit("Vpc", "The maximum number of VPCs has been reached.");
        }

        var vpc = edit.Put(new VpcRecord
        {
            Id = NetworkIds.Of("vpc"),
            CreatedAt = edit.Now,
            Cidr = block.ToString(),
            Tenancy = call.Input.Text("InstanceTenancy") ?? "default",
            Tags = Ec2Tags.Specified(call.Input, "vpc"),
        });
        foreach (var part in DefaultNetwork.PartsOf(vpc, NetworkIds.Of, edit.Now))
        {
            edit.Put(part);
        }

        return new JsonObject { ["Vpc"] = Render(call, vpc) };
    }

    /// <summary>What a VPC was born with goes with it; what was added must have gone before.</summary>
    private static JsonObject Delete(ApiCall call, NetworkEdit edit)
    {
        var map = edit.Map;
        var vpc = map.Named<VpcRecord>(call.Input, "VpcId");
        if (map.SubnetsOf(vpc.Id).Any()
            || map.GroupsOf(vpc.Id).Any(group => !group.IsDefault)
            || map.TablesOf(vpc.Id).Any(table => !table.IsMain)
            || map.InternetGatewayOf(vpc.Id) is not null
            || map.All<VpcEndpointRecord>().Any(endpoint => endpoint.VpcId == vpc.Id))
        {
            throw Ec2Errors.Dependency($"The vpc '{vpc.Id}' has dependencies and cannot be deleted.");
        }

        foreach (var group in map.GroupsOf(vpc.Id))
        {
            SecurityGroupApi.Remove(edit, group);
        }

        foreach (var table in map.TablesOf(vpc.Id))
        {
            edit.Remove(table);
        }

        foreach (var gateway in map.All<NatGatewayRecord>().Where(gateway => gateway.VpcId == vpc.Id))
        {
            edit.Remove(gateway);
        }

        edit.Remove(vpc);
        return [];
    }

    private static JsonObject DescribeAttribute(ApiCall call, NetworkMap map)
    {
        var vpc = map.Named<VpcRecord>(call.Input, "VpcId");
        var (member, value) = call.Input.Text("Attribute") switch
        {
            "enableDnsSupport" => ("EnableDnsSupport", vpc.HasDnsSupport),
            "enableDnsHostnames" => ("EnableDnsHostnames", vpc.HasDnsHostnames),
            _ => ("EnableNetworkAddressUsageMetrics", vpc.HasUsageMetrics),
        };
        return new JsonObject { ["VpcId"] = vpc.Id, [member] = new JsonObject { ["Value"] = value } };
    }

    private static JsonObject ModifyAttribute(ApiCall call, NetworkEdit edit)
    {
        var vpc = edit.Map.Named<VpcRecord>(call.Input, "VpcId");
        edit.Put(vpc with
        {
            HasDnsSupport = call.Input.Object("EnableDnsSupport")?.Flag("Value") ?? vpc.HasDnsSupport,
            HasDnsHostnames = call.Input.Object("EnableDnsHostnames")?.Flag("Value") ?? vpc.HasDnsHostnames,
            HasUsageMetrics = call.Input.Object("EnableNetworkAddressUsageMetrics")?.Flag("Value") ?? vpc.HasUsageMetrics,
        });
        return [];
    }

    private static JsonObject Render(ApiCall call, VpcRecord vpc) => new()
    {
        ["VpcId"] = vpc.Id,
        ["OwnerId"] = call.Account,
        ["CidrBlock"] = vpc.Cidr,
        ["CidrBlockAssociationSet"] = new JsonArray(new JsonObject
        {
            ["AssociationId"] = vpc.Id.Replace("vpc-", "vpc-cidr-assoc-", StringComparison.Ordinal),
            ["CidrBlock"] = vpc.Cidr,
            ["CidrBlockState"] = new JsonObject { ["State"] = "associated" },
        }),
        ["DhcpOptionsId"] = "default",
        ["InstanceTenancy"] = vpc.Tenancy,
        ["IsDefault"] = vpc.IsDefault,
        ["State"] = "available",
        ["Tags"] = Ec2Tags.Render(vpc.Tags),
    };
}
