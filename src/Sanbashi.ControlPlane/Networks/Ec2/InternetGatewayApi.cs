using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>The operations on internet gateways. They are nothing by themselves: what a subnet reaches follows from the routes that lead to one.</summary>
internal sealed class InternetGatewayApi(Ec2Calls calls)
{
    private static readonly Ec2Description<InternetGatewayRecord> _description = new(
        "InternetGateways",
        "InternetGatewayIds",
        new Ec2Filters<InternetGatewayRecord>()
            .On("internet-gateway-id", gateway => gateway.Id)
            .On("attachment.vpc-id", gateway => gateway.VpcId)
            .On("attachment.state", gateway => gateway.VpcId is null ? null : "available"),
        (call, _, gateway) => Render(call, gateway));

    public void Register(ApiService api) => api
        .Handle("CreateInternetGateway", calls.Change(Create))
        .Handle("DeleteInternetGateway", calls.Change(Delete))
        .Handle("AttachInternetGateway", calls.Change(Attach))
        .Handle("DetachInternetGateway", calls.Change(Detach))
        .Handle("DescribeInternetGateways", calls.Query(_description.Answer));

    private static JsonObject Create(ApiCall call, NetworkEdit edit)
    {
        if (edit.Map.All<InternetGatewayRecord>().Count() >= Ec2Quotas.InternetGateways)
        {
            throw Ec2Errors.Limit("InternetGateway", "The maximum number of internet gateways has been reached.");
        }

        var gateway = edit.Put(new InternetGatewayRecord { Id = NetworkIds.Of("igw"), CreatedAt = edit.Now, Tags = Ec2Tags.Specified(call.Input, "internet-gateway") });
        return new JsonObject { ["InternetGateway"] = Render(call, gateway) };
    }

    private static JsonObject Delete(ApiCall call, NetworkEdit edit)
    {
        var gateway = edit.Map.Named<InternetGatewayRecord>(call.Input, "InternetGatewayId");
        if (gateway.VpcId is not null)
        {
            throw Ec2Errors.Dependency($"The internetGateway '{gateway.Id}' has dependencies and cannot be deleted.");
        }

        edit.Remove(gateway);
        return [];
    }

    private static JsonObject Attach(ApiCall call, NetworkEdit edit)
    {
        var gateway = edit.Map.Named<InternetGatewayRecord>(call.Input, "InternetGatewayId");
        var vpc = edit.Map.Named<VpcRecord>(call.Input, "VpcId");
        if (gateway.VpcId is { } other)
        {
            throw new ApiException("Resource.AlreadyAssociated", $"resource {gateway.Id} is already attached to network {other}");
        }

        if (edit.Map.InternetGatewayOf(vpc.Id) is not null)
        {
            throw Ec2Errors.Invalid($"Network {vpc.Id} already has an internet gateway attached");
        }

        edit.Put(gateway with { VpcId = vpc.Id });
        return [];
    }

    /// <summary>Routes to it stay and lead nowhere.</summary>
    private static JsonObject Detach(ApiCall call, NetworkEdit edit)
    {
        var gateway = edit.Map.Named<InternetGatewayRecord>(call.Input, "InternetGatewayId");
        var vpc = edit.Map.Named<VpcRecord>(call.Input, "VpcId");
        if (gateway.VpcId != vpc.Id)
        {
            throw new ApiException("Gateway.NotAttached", $"resource {gateway.Id} is not attached to network {vpc.Id}");
        }

        edit.Put(gateway with { VpcId = null });
        return [];
    }

    private static JsonObject Render(ApiCall call, InternetGatewayRecord gateway) => new()
    {
        ["InternetGatewayId"] = gateway.Id,
        ["OwnerId"] = call.Account,
        ["Attachments"] = gateway.VpcId is null ? [] : new JsonArray(new JsonObject { ["VpcId"] = gateway.VpcId, ["State"] = "available" }),
        ["Tags"] = Ec2Tags.Render(gateway.Tags),
    };
}
