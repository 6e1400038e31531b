using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Networks;

public sealed class VpcConnectorTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly Ec2Lab _lab = new(host);

    [Fact]
    public async Task Connector_OfSubnets_TakesTheDefaultGroupAndIsListed()
    {
        var (vpc, subnet) = await Network();

        var created = await Create("net-one", subnet);

        created.Text("VpcConnectorArn").ShouldMatch($"arn:aws:apprunner:{_lab.AppRunner.Region}:000000000000:vpcconnector/net-one/1/[0-9a-f]{{32}}");
        created["VpcConnectorRevision"]!.GetValue<int>().ShouldBe(1);
        created.Text("Status").ShouldBe("ACTIVE");
        created["Subnets"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldBe(subnet);
        (await _lab.Find("DescribeSecurityGroups", "securityGroupInfo", "groupId", "vpc-id", vpc)).ShouldBe([created["SecurityGroups"]![0]!.GetValue<string>()]);
        (await Describe(created.Text("VpcConnectorArn"))).ToJsonString().ShouldBe(created.ToJsonString());
        (await _lab.AppRunner.Call("ListVpcConnectors"))["VpcConnectors"]!.AsArray().Select(connector => connector.Text("VpcConnectorName")).ShouldContain("net-one");
    }

    [Fact]
    public async Task Connector_ThatMakesNoSense_IsRefused()
    {
        var (vpc, subnet) = await Network();
        var (otherVpc, other) = await Network();
        await Create("taken", subnet);

        (await Refused("taken", [subnet])).Message.ShouldContain("VPC connector with the provided name already exists: taken.");
        (await Refused("fresh", [])).Message.ShouldContain("needs one subnet");
        (await Refused("fresh", [subnet, other])).Message.ShouldContain("must be in one VPC");
        (await Refused("fresh", ["subnet-0123456789abcdef0"])).Message.ShouldContain("does not exist");
        (await Refused("fresh", [subnet], await _lab.Group(otherVpc, "far"))).Message.ShouldContain($"does not exist in {vpc}");
        await _lab.AppRunner.NotFound("DescribeVpcConnector", Named($"arn:aws:apprunner:{_lab.AppRunner.Region}:000000000000:vpcconnector/none/1/00000000000000000000000000000000"));
        await _lab.AppRunner.InvalidRequest("DescribeVpcConnector", Named($"arn:aws:apprunner:{_lab.AppRunner.Region}:000000000000:vpcconnector/taken/1"));
    }

    [Fact]
    public async Task Connector_InUse_StaysAndKeepsItsSubnetsAndGroups()
    {
        var (vpc, subnet) = await Network();
        var group = await _lab.Group(vpc, "app");
        var connector = (await Create("used", subnet, group)).Text("VpcConnectorArn");
        var service = await _lab.AppRunner.Create(With("networked", "VPC", connector));
        await _lab.AppRunner.Finish(service, OperationStatus.Succeeded, ServiceStatus.Running);

        var shown = (await _lab.AppRunner.Call("DescribeService", ApiClient.Named(service)))["Service"]!["NetworkConfiguration"]!["EgressConfiguration"];
        shown.ShouldBeJson($$"""{"EgressType":"VPC","VpcConnectorArn":"{{connector}}"}""");
        var record = (await _lab.AppRunner.Host.Documents.ListServices(_lab.AppRunner.Scope, TestContext.Current.CancellationToken)).Single(stored => stored.Record.Arn == service).Record;
        var revision = (await _lab.AppRunner.Host.Documents.FindRevision(record, 1, TestContext.Current.CancellationToken))!.Record;
        revision.Network.ShouldNotBeNull().VpcId.ShouldBe(vpc);
        revision.Network.GroupIds.ShouldBe([group]);

        (await _lab.AppRunner.InvalidRequest("DeleteVpcConnector", Named(connector))).Message.ShouldContain("1 service(s) use it: networked");
        await _lab.Ec2.Ec2Refuses("DependencyViolation", "DeleteSubnet", ("SubnetId", subnet));
        await _lab.Ec2.Ec2Refuses("DependencyViolation", "DeleteSecurityGroup", ("GroupId", group));
        await _lab.AppRunner.Call("DeleteService", ApiClient.Named(service));
        await _lab.AppRunner.Finish(service, OperationStatus.Succeeded, ServiceStatus.Deleted);
        var deleted = (await _lab.AppRunner.Call("DeleteVpcConnector", Named(connector)))["VpcConnector"]!;
        deleted.Text("Status").ShouldBe("INACTIVE");
        (await Describe(connector)).Text("Status").ShouldBe("INACTIVE");
        (await _lab.AppRunner.Call("ListVpcConnectors"))["VpcConnectors"]!.AsArray().Select(found => found.Text("VpcConnectorName")).ShouldNotContain("used");
        await _lab.Ec2.Ec2("DeleteSubnet", ("SubnetId", subnet));
        (await _lab.AppRunner.InvalidRequest("CreateService", With("too-late", "VPC", connector))).Message.ShouldContain("does not exist or was deleted");
    }

    [Fact]
    public async Task Egress_NeedsItsConnectorAndNoOther()
    {
        var (_, subnet) = await Network();
        var connector = (await Create("egress", subnet)).Text("VpcConnectorArn");

        (await _lab.AppRunner.InvalidRequest("CreateService", With("no-connector", "VPC", null))).Message.ShouldContain("no VpcConnectorArn");
        (await _lab.AppRunner.InvalidRequest("CreateService", With("two-minds", "DEFAULT", connector))).Message.ShouldContain("EgressType DEFAULT");
        var service = await _lab.AppRunner.Create(With("comes-back", "VPC", connector));
        await _lab.AppRunner.Finish(service, OperationStatus.Succeeded, ServiceStatus.Running);
        var update = With("comes-back", "DEFAULT", null);
        update.Remove("ServiceName");
        update.Remove("SourceConfiguration");
        update["ServiceArn"] = service;
        (await _lab.AppRunner.Call("UpdateService", update))["Service"]!["NetworkConfiguration"]!["EgressConfiguration"].ShouldBeJson("""{"EgressType":"DEFAULT"}""");
    }

    [Fact]
    public async Task Tags_OfAConnector_AreKept()
    {
        var (_, subnet) = await Network();
        var arn = (await Create("tagged", subnet)).Text("VpcConnectorArn");

        await _lab.AppRunner.Call("TagResource", new JsonObject { ["ResourceArn"] = arn, ["Tags"] = new JsonArray(new JsonObject { ["Key"] = "team", ["Value"] = "red" }) });

        (await _lab.AppRunner.Call("ListTagsForResource", new JsonObject { ["ResourceArn"] = arn }))["Tags"]!.AsArray().ShouldHaveSingleItem().Text("Key").ShouldBe("team");
        await _lab.AppRunner.Call("UntagResource", new JsonObject { ["ResourceArn"] = arn, ["TagKeys"] = new JsonArray("team") });
        (await _lab.AppRunner.Call("ListTagsForResource", new JsonObject { ["ResourceArn"] = arn }))["Tags"]!.AsArray().ShouldBeEmpty();
    }

    private async Task<(string Vpc, string Subnet)> Network()
    {
        var vpc = await _lab.Vpc();
        return (vpc, await _lab.Subnet(vpc, "10.0.1.0/24"));
    }

    private async Task<JsonNode> Create(string name, string subnet, params string[] groups) => (await _lab.AppRunner.Call("CreateVpcConnector", Input(name, [subnet], groups)))["VpcConnector"]!;

    private Task<Wire.ApiException> Refused(string name, string[] subnets, params string[] groups) => _lab.AppRunner.InvalidRequest("CreateVpcConnector", Input(name, subnets, groups));

    private static JsonObject Input(string name, string[] subnets, string[] groups) => new()
    {
        ["VpcConnectorName"] = name,
        ["Subnets"] = new JsonArray([.. subnets.Select(id => JsonValue.Create(id))]),
        ["SecurityGroups"] = new JsonArray([.. groups.Select(id => JsonValue.Create(id))]),
    };

    private static JsonObject Named(string arn) => new() { ["VpcConnectorArn"] = arn };

    private async Task<JsonNode> Describe(string arn) => (await _lab.AppRunner.Call("DescribeVpcConnector", Named(arn)))["VpcConnector"]!;

    private static JsonObject With(string name, string egress, string? connector)
    {
        var input = ApiClient.NewService(name);
        input["NetworkConfiguration"] = new JsonObject { ["EgressConfiguration"] = new JsonObject { ["EgressType"] = egress, ["VpcConnectorArn"] = connector } };
        return input;
    }
}
