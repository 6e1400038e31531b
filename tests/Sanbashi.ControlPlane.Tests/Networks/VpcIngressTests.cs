using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;

namespace Sanbashi.ControlPlane.Tests.Networks;

public sealed class VpcIngressTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly Ec2Lab _lab = new(host);

    [Fact]
    public async Task Connection_OfAPrivateService_LivesAndEnds()
    {
        var (vpc, endpoint) = await Endpoint();
        var service = await Private("inner");

        var created = (await _lab.AppRunner.Call("CreateVpcIngressConnection", Input(service, "door", vpc, endpoint)))["VpcIngressConnection"]!;

        var arn = created.Text("VpcIngressConnectionArn");
        arn.ShouldMatch($"arn:aws:apprunner:{_lab.AppRunner.Region}:000000000000:vpcingressconnection/door/[0-9a-f]{{32}}");
        created.Text("Status").ShouldBe("AVAILABLE");
        created.Text("DomainName").ShouldBe($"{(await Record(service)).HostLabel}.{endpoint}.sanbashi.localhost");
        (await Describe(arn)).ToJsonString().ShouldBe(created.ToJsonString());
        var filter = new JsonObject { ["Filter"] = new JsonObject { ["ServiceArn"] = service } };
        (await _lab.AppRunner.Call("ListVpcIngressConnections", filter))["VpcIngressConnectionSummaryList"]!.AsArray().ShouldHaveSingleItem().Text("VpcIngressConnectionArn").ShouldBe(arn);

        // It holds what it needs.
        (await _lab.AppRunner.InvalidState("DeleteService", ApiClient.Named(service))).Message.ShouldContain("VPC ingress connection: door");
        (await _lab.Ec2.Ec2("DeleteVpcEndpoints", ("VpcEndpointId.1", endpoint))).Items("unsuccessful").ShouldHaveSingleItem().Text("code").ShouldBe("DependencyViolation");
        await _lab.AppRunner.InvalidRequest("CreateVpcIngressConnection", Input(service, "second", vpc, endpoint));

        var (otherVpc, other) = await Endpoint();
        var moved = Named(arn);
        moved["IngressVpcConfiguration"] = new JsonObject { ["VpcId"] = otherVpc, ["VpcEndpointId"] = other };
        (await _lab.AppRunner.Call("UpdateVpcIngressConnection", moved))["VpcIngressConnection"]!.Text("DomainName").ShouldContain(other);
        (await _lab.AppRunner.Call("DeleteVpcIngressConnection", Named(arn)))["VpcIngressConnection"]!.Text("Status").ShouldBe("DELETED");
        (await Describe(arn)).Text("Status").ShouldBe("DELETED");
        await _lab.AppRunner.NotFound("DeleteVpcIngressConnection", Named(arn));
        await _lab.AppRunner.Call("DeleteService", ApiClient.Named(service));
    }

    [Fact]
    public async Task Connection_ThatMakesNoSense_IsRefused()
    {
        var (vpc, endpoint) = await Endpoint();
        var service = await Private("shut");
        var open = await _lab.AppRunner.CreateRunning("open");

        (await _lab.AppRunner.InvalidState("CreateVpcIngressConnection", Input(open, "door", vpc, endpoint))).Message.ShouldContain("is publicly accessible");
        await _lab.AppRunner.InvalidRequest("CreateVpcIngressConnection", Input(service, "door", "vpc-0123456789abcdef0", endpoint));
        await _lab.AppRunner.InvalidRequest("CreateVpcIngressConnection", Input(service, "door", vpc, "vpce-0123456789abcdef0"));
        await _lab.AppRunner.InvalidRequest("CreateVpcIngressConnection", Input($"{service[..^1]}x", "door", vpc, endpoint));
    }

    [Fact]
    public async Task PrivateService_IsCalledFromItsNetworkOnly()
    {
        var (vpc, endpoint) = await Endpoint();
        var record = await Record(await Private("guarded"));
        var privates = new ControlPlane.Networks.Ingress.PrivateServices("sanbashi.localhost");
        var told = new List<string>();
        privates.Changed += told.Add;
        var settings = SettingsResolver.Of(record).Effective;

        privates.Restrict(record, settings).Access.AllowedSources.ShouldBe(["255.255.255.255/32"]);
        var ingress = new VpcIngressRecord
        {
            Id = "i", CreatedAt = DateTimeOffset.UnixEpoch, Scope = record.Scope, Name = "door", ServiceId = record.Id, ServiceArn = record.Arn, HostLabel = record.HostLabel, VpcId = vpc, EndpointId = endpoint,
        };
        privates.Replace([ingress], [new NetworkPlace(vpc, "sv0", Ipv4Block.Parse("10.213.4.0/22"))]);

        privates.Restrict(record, settings).Access.AllowedSources.ShouldBe(["10.213.4.0/22"]);
        privates.Hosts(record).ShouldBe([$"{record.HostLabel}.{endpoint}.sanbashi.localhost"]);
        told.ShouldBe([record.Id]);
        var isPublic = record with { Definition = record.Definition with { Network = record.Definition.Network with { IsPubliclyAccessible = true } } };
        privates.Restrict(isPublic, settings).Access.AllowedSources.ShouldBeEmpty();
    }

    private async Task<(string Vpc, string Endpoint)> Endpoint()
    {
        var vpc = await _lab.Vpc();
        var subnet = await _lab.Subnet(vpc, "10.0.1.0/24");
        var endpoint = await _lab.Ec2.Ec2(
            "CreateVpcEndpoint", ("VpcId", vpc), ("ServiceName", $"com.amazonaws.{_lab.AppRunner.Region}.apprunner.requests"), ("VpcEndpointType", "Interface"), ("SubnetId.1", subnet));
        return (vpc, endpoint.Text("vpcEndpointId"));
    }

    private async Task<string> Private(string name)
    {
        var input = ApiClient.NewService(name);
        input["NetworkConfiguration"] = new JsonObject { ["IngressConfiguration"] = new JsonObject { ["IsPubliclyAccessible"] = false } };
        var arn = await _lab.AppRunner.Create(input);
        await _lab.AppRunner.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        return arn;
    }

    private async Task<ServiceRecord> Record(string arn) =>
        (await host.Documents.ListServices(_lab.AppRunner.Scope, TestContext.Current.CancellationToken)).Single(stored => stored.Record.Arn == arn).Record;

    private static JsonObject Input(string service, string name, string vpc, string endpoint) => new()
    {
        ["ServiceArn"] = service,
        ["VpcIngressConnectionName"] = name,
        ["IngressVpcConfiguration"] = new JsonObject { ["VpcId"] = vpc, ["VpcEndpointId"] = endpoint },
    };

    private static JsonObject Named(string arn) => new() { ["VpcIngressConnectionArn"] = arn };

    private async Task<JsonNode> Describe(string arn) => (await _lab.AppRunner.Call("DescribeVpcIngressConnection", Named(arn)))["VpcIngressConnection"]!;
}
