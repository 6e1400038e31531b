using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>The operations on NAT gateways. What leaves the machine has the machine's address anyway, so that they, too, only count as targets of routes.</summary>
internal sealed class NatGatewayApi(Ec2Calls calls)
{
    private static readonly TimeSpan _deletedKept = TimeSpan.FromHours(1);

    private static readonly Ec2Description<NatGatewayRecord> _description = new(
        "NatGateways",
        "NatGatewayIds",
        new Ec2Filters<NatGatewayRecord>()
            .On("nat-gateway-id", gateway => gateway.Id)
            .On("subnet-id", gateway => gateway.SubnetId)
            .On("vpc-id", gateway => gateway.VpcId)
            .On("state", State),
        (_, _, gateway) => Render(gateway))
    {
        FilterMember = "Filter",
    };

    public void Register(ApiService api) => api
        .Handle("CreateNatGateway", calls.Change(Create))
        .Handle("DeleteNatGateway", calls.Change(Delete))
        .Handle("DescribeNatGateways", calls.Query(_description.Answer));

    private static JsonObject Create(ApiCall call, NetworkEdit edit)
    {
        var subnet = edit.Map.Named<SubnetRecord>(call.Input, "SubnetId");
        foreach (var old in edit.Map.All<NatGatewayRecord>().Where(gateway => edit.Now - gateway.DeletedAt > _deletedKept))
        {
            edit.Remove(old);
        }

        var present = edit.Map.All<NatGatewayRecord>().Count(gateway => gateway.VpcId == subnet.VpcId && gateway.DeletedAt is null);
        if (present >= Ec2Quotas.NatGateways)
        {
            throw Ec2Errors.Limit("NatGateway", $"The maximum number of NAT gateways of {subnet.VpcId} has been reached.");
        }

        var gateway = edit.Put(new NatGatewayRecord
        {
            Id = NetworkIds.Of("nat"),
            CreatedAt = edit.Now,
            VpcId = subnet.VpcId,
            SubnetId = subnet.Id,
            IsPublic = call.Input.Text("ConnectivityType") != "private",
            AllocationId = call.Input.Text("AllocationId"),
            PrivateIp = call.Input.Text("PrivateIpAddress") ?? AddressPlan.Address(subnet, present).ToString(),
            Tags = Ec2Tags.Specified(call.Input, "natgateway"),
        });
        return new JsonObject { ["NatGateway"] = Render(gateway), ["ClientToken"] = call.Input.Text("ClientToken") };
    }

    /// <summary>Routes to it stay and lead nowhere.</summary>
    private static JsonObject Delete(ApiCall call, NetworkEdit edit)
    {
        var gateway = edit.Map.Named<NatGatewayRecord>(call.Input, "NatGatewayId");
        edit.Put(gateway with { DeletedAt = gateway.DeletedAt ?? edit.Now });
        return new JsonObject { ["NatGatewayId"] = gateway.Id };
    }

    private static string State(NatGatewayRecord gateway) => gateway.DeletedAt is null ? "available" : "deleted";

    private static JsonObject Render(NatGatewayRecord gateway)
    {
        var output = new JsonObject
        {
            ["NatGatewayId"] = gateway.Id,
            ["VpcId"] = gateway.VpcId,
            ["SubnetId"] = gateway.SubnetId,
            ["State"] = State(gateway),
            ["ConnectivityType"] = gateway.IsPublic ? "public" : "private",
            ["CreateTime"] = ApiOutput.Timestamp(gateway.CreatedAt),
            ["NatGatewayAddresses"] = new JsonArray(new JsonObject
            {
                ["AllocationId"] = gateway.AllocationId,
                ["PrivateIp"] = gateway.PrivateIp,
                ["IsPrimary"] = true,
                ["Status"] = "succeeded",
            }),
            ["Tags"] = Ec2Tags.Render(gateway.Tags),
        };
        if (gateway.DeletedAt is not null)
        {
            output["DeleteTime"] = ApiOutput.Timestamp(gateway.DeletedAt);
        }

        return output;
    }
}
