using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.ControlPlane.Tests.Identity;

namespace Sanbashi.ControlPlane.Tests.Networks;

public sealed class Ec2Tests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly Ec2Lab _lab = new(host);

    [Fact]
    public async Task Region_WithNothing_HasADefaultVpcAsClientsExpectIt()
    {
        var vpc = (await _lab.Ec2.Ec2("DescribeVpcs", ("Filter.1.Name", "is-default"), ("Filter.1.Value.1", "true"))).Items("vpcSet").ShouldHaveSingleItem();
        var subnets = (await _lab.Ec2.Ec2("DescribeSubnets", ("Filter.1.Name", "vpc-id"), ("Filter.1.Value.1", vpc.Text("vpcId")))).Items("subnetSet");
        var groups = (await _lab.Ec2.Ec2("DescribeSecurityGroups")).Items("securityGroupInfo");

        vpc.Text("cidrBlock").ShouldBe("172.31.0.0/16");
        subnets.Select(subnet => subnet.Text("cidrBlock")).Order(StringComparer.Ordinal).ShouldBe(["172.31.0.0/20", "172.31.16.0/20", "172.31.32.0/20"]);
        subnets.Select(subnet => subnet.Text("availabilityZone")[^1]).Order().ShouldBe(['a', 'b', 'c']);
        groups.ShouldHaveSingleItem().Text("groupName").ShouldBe("default");
        (await _lab.Ec2.Ec2("DescribeRouteTables")).Items("routeTableSet").ShouldHaveSingleItem().Texts("destinationCidrBlock").ShouldBe(["172.31.0.0/16", "0.0.0.0/0"]);
        (await _lab.Ec2.Ec2("DescribeVpcs")).Items("vpcSet").ShouldHaveSingleItem().Text("vpcId").ShouldBe(vpc.Text("vpcId"));
    }

    [Fact]
    public async Task DefaultVpc_Deleted_StaysDeleted()
    {
        var lab = new Ec2Lab(host);
        var vpc = (await lab.Ec2.Ec2("DescribeVpcs")).Text("vpcId");
        await lab.Ec2.Ec2Refuses("DependencyViolation", "DeleteVpc", ("VpcId", vpc));
        foreach (var subnet in await lab.Find("DescribeSubnets", "subnetSet", "subnetId", "vpc-id", vpc))
        {
            await lab.Ec2.Ec2("DeleteSubnet", ("SubnetId", subnet));
        }

        var gateway = (await lab.Ec2.Ec2("DescribeInternetGateways")).Text("internetGatewayId");
        await lab.Ec2.Ec2("DetachInternetGateway", ("InternetGatewayId", gateway), ("VpcId", vpc));
        (await lab.Ec2.Ec2("DescribeRouteTables")).Texts("state").ShouldContain("blackhole");
        await lab.Ec2.Ec2("DeleteVpc", ("VpcId", vpc));

        (await lab.Ec2.Ec2("DescribeVpcs")).Items("vpcSet").ShouldBeEmpty();
        (await lab.Ec2.Ec2("DescribeSecurityGroups")).Items("securityGroupInfo").ShouldBeEmpty();
        await lab.Ec2.Ec2Refuses("VPCIdNotSpecified", "CreateSecurityGroup", ("GroupName", "g"), ("GroupDescription", "d"));
    }

    [Theory]
    [InlineData("10.0.0.0/15", "InvalidVpc.Range")]
    [InlineData("10.0.0.0/29", "InvalidVpc.Range")]
    [InlineData("10.0/16", "InvalidParameterValue")]
    [InlineData("nonsense", "InvalidParameterValue")]
    public async Task Vpc_WithAnImpossiblePlan_IsRefused(string cidr, string code) => await _lab.Ec2.Ec2Refuses(code, "CreateVpc", ("CidrBlock", cidr));

    [Fact]
    public async Task Subnets_LieInTheirVpcAndApart()
    {
        var vpc = await _lab.Vpc("10.7.9.1/16");
        (await _lab.Ec2.Ec2("DescribeVpcs", ("VpcId.1", vpc))).Text("cidrBlock").ShouldBe("10.7.0.0/16");
        var subnet = await _lab.Subnet(vpc, "10.7.1.0/24");

        await _lab.Ec2.Ec2Refuses("InvalidSubnet.Conflict", "CreateSubnet", ("VpcId", vpc), ("CidrBlock", "10.7.1.128/25"));
        await _lab.Ec2.Ec2Refuses("InvalidSubnet.Range", "CreateSubnet", ("VpcId", vpc), ("CidrBlock", "10.8.1.0/24"));
        await _lab.Ec2.Ec2Refuses("InvalidVpcID.NotFound", "CreateSubnet", ("VpcId", "vpc-0123456789abcdef0"), ("CidrBlock", "10.7.2.0/24"));
        await _lab.Ec2.Ec2Refuses("MissingParameter", "CreateSubnet", ("CidrBlock", "10.7.2.0/24"));
        (await _lab.Ec2.Ec2("DescribeSubnets", ("SubnetId.1", subnet))).Text("availableIpAddressCount").ShouldBe("251");
        await _lab.Ec2.Ec2Refuses("InvalidSubnetID.NotFound", "DescribeSubnets", ("SubnetId.1", "subnet-0123456789abcdef0"));
        await _lab.Ec2.Ec2Refuses("DependencyViolation", "DeleteVpc", ("VpcId", vpc));
        await _lab.Ec2.Ec2("DeleteSubnet", ("SubnetId", subnet));
        await _lab.Ec2.Ec2("DeleteVpc", ("VpcId", vpc));
    }

    [Fact]
    public async Task Groups_OfOneVpc_HaveNamesOfTheirOwnAndGoLast()
    {
        var vpc = await _lab.Vpc();
        var app = await _lab.Group(vpc, "app");
        var db = await _lab.Group(vpc, "db");
        await _lab.Ec2.Ec2Refuses("InvalidGroup.Duplicate", "CreateSecurityGroup", ("VpcId", vpc), ("GroupName", "app"), ("GroupDescription", "again"));
        await _lab.Ec2.Ec2Refuses("InvalidParameterValue", "CreateSecurityGroup", ("VpcId", vpc), ("GroupName", "sg-app"), ("GroupDescription", "d"));

        await Allow(db, "tcp", 5432, ("IpPermissions.1.Groups.1.GroupId", app));
        await _lab.Ec2.Ec2Refuses("DependencyViolation", "DeleteSecurityGroup", ("GroupId", app));
        await _lab.Ec2.Ec2("DeleteSecurityGroup", ("GroupId", db));
        await _lab.Ec2.Ec2("DeleteSecurityGroup", ("GroupId", app));

        var left = (await _lab.Find("DescribeSecurityGroups", "securityGroupInfo", "groupId", "vpc-id", vpc)).ShouldHaveSingleItem();
        await _lab.Ec2.Ec2Refuses("CannotDelete", "DeleteSecurityGroup", ("GroupId", left));
        await _lab.Ec2.Ec2Refuses("InvalidGroup.NotFound", "DescribeSecurityGroups", ("GroupId.1", app));
    }

    [Fact]
    public async Task Rules_AreGivenOnceAndTakenByIdOrByWhatTheyAllow()
    {
        var vpc = await _lab.Vpc();
        var group = await _lab.Group(vpc, "web");

        var rule = (await Allow(group, "tcp", 80, ("IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"), ("IpPermissions.1.IpRanges.1.Description", "all"))).Text("securityGroupRuleId");
        await _lab.Ec2.Ec2("AuthorizeSecurityGroupIngress", ("GroupId", group), ("IpProtocol", "6"), ("FromPort", "443"), ("ToPort", "443"), ("CidrIp", "10.0.0.0/8"));

        (await _lab.Ec2.Ec2Refuses("InvalidPermission.Duplicate", "AuthorizeSecurityGroupIngress", ("GroupId", group), ("IpProtocol", "tcp"), ("FromPort", "80"), ("ToPort", "80"), ("CidrIp", "0.0.0.0/0")))
            .Message.ShouldBe("the specified rule \"peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW\" already exists");
        await _lab.Ec2.Ec2Refuses("InvalidParameterValue", "AuthorizeSecurityGroupIngress", ("GroupId", group), ("IpProtocol", "tcp"), ("FromPort", "90"), ("ToPort", "80"), ("CidrIp", "0.0.0.0/0"));
        await _lab.Ec2.Ec2Refuses("InvalidParameterValue", "AuthorizeSecurityGroupIngress", ("GroupId", group), ("IpProtocol", "tcp"), ("FromPort", "80"), ("ToPort", "80"), ("CidrIp", "10.0.0.1/8"));
        await _lab.Ec2.Ec2Refuses("InvalidPermission.NotFound", "RevokeSecurityGroupIngress", ("GroupId", group), ("IpProtocol", "tcp"), ("FromPort", "81"), ("ToPort", "81"), ("CidrIp", "0.0.0.0/0"));
        var rules = (await _lab.Ec2.Ec2("DescribeSecurityGroupRules", ("Filter.1.Name", "group-id"), ("Filter.1.Value.1", group))).Items("securityGroupRuleSet");
        rules.Count.ShouldBe(3);
        rules.Count(known => known.Text("isEgress") == "true").ShouldBe(1);
        (await _lab.Ec2.Ec2("DescribeSecurityGroups", ("GroupId.1", group))).Items("ipPermissions").Count.ShouldBe(2);

        await _lab.Ec2.Ec2("RevokeSecurityGroupIngress", ("GroupId", group), ("SecurityGroupRuleId.1", rule));
        await _lab.Ec2.Ec2("RevokeSecurityGroupIngress", ("GroupId", group), ("IpProtocol", "tcp"), ("FromPort", "443"), ("ToPort", "443"), ("CidrIp", "10.0.0.0/8"));
        await _lab.Ec2.Ec2("RevokeSecurityGroupEgress", ("GroupId", group), ("IpPermissions.1.IpProtocol", "-1"), ("IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"));
        (await _lab.Ec2.Ec2("DescribeSecurityGroupRules", ("Filter.1.Name", "group-id"), ("Filter.1.Value.1", group))).Items("securityGroupRuleSet").ShouldBeEmpty();
    }

    [Fact]
    public async Task Routes_LeadToGatewaysOfTheirNetwork()
    {
        var vpc = await _lab.Vpc();
        var subnet = await _lab.Subnet(vpc, "10.0.1.0/24");
        var gateway = (await _lab.Ec2.Ec2("CreateInternetGateway")).Text("internetGatewayId");
        var table = (await _lab.Ec2.Ec2("CreateRouteTable", ("VpcId", vpc))).Text("routeTableId");

        await _lab.Ec2.Ec2Refuses("InvalidParameterValue", "CreateRoute", ("RouteTableId", table), ("DestinationCidrBlock", "0.0.0.0/0"), ("GatewayId", gateway));
        await _lab.Ec2.Ec2("AttachInternetGateway", ("InternetGatewayId", gateway), ("VpcId", vpc));
        await _lab.Ec2.Ec2("CreateRoute", ("RouteTableId", table), ("DestinationCidrBlock", "0.0.0.0/0"), ("GatewayId", gateway));
        await _lab.Ec2.Ec2Refuses("RouteAlreadyExists", "CreateRoute", ("RouteTableId", table), ("DestinationCidrBlock", "0.0.0.0/0"), ("GatewayId", gateway));
        var association = (await _lab.Ec2.Ec2("AssociateRouteTable", ("RouteTableId", table), ("SubnetId", subnet))).Text("associationId");
        (await _lab.Ec2.Ec2("AssociateRouteTable", ("RouteTableId", table), ("SubnetId", subnet))).Text("associationId").ShouldBe(association);
        await _lab.Ec2.Ec2Refuses("DependencyViolation", "DeleteRouteTable", ("RouteTableId", table));
        await _lab.Ec2.Ec2Refuses("DependencyViolation", "DeleteInternetGateway", ("InternetGatewayId", gateway));
        var nat = (await _lab.Ec2.Ec2("CreateNatGateway", ("SubnetId", subnet), ("AllocationId", "eipalloc-1"))).Text("natGatewayId");
        await _lab.Ec2.Ec2Refuses("DependencyViolation", "DeleteSubnet", ("SubnetId", subnet));
        await _lab.Ec2.Ec2("CreateRoute", ("RouteTableId", table), ("DestinationCidrBlock", "192.0.2.0/24"), ("NatGatewayId", nat));
        await _lab.Ec2.Ec2("DeleteNatGateway", ("NatGatewayId", nat));
        (await _lab.Ec2.Ec2("DescribeNatGateways", ("NatGatewayId.1", nat), ("Filter.1.Name", "state"), ("Filter.1.Value.1", "deleted"))).Items("natGatewaySet").Count.ShouldBe(1);
        (await _lab.Ec2.Ec2("DescribeRouteTables", ("RouteTableId.1", table))).Items("routeSet").Select(route => route.Text("state")).ShouldBe(["active", "active", "blackhole"]);

        await _lab.Ec2.Ec2("DeleteRoute", ("RouteTableId", table), ("DestinationCidrBlock", "0.0.0.0/0"));
        await _lab.Ec2.Ec2Refuses("InvalidRoute.NotFound", "DeleteRoute", ("RouteTableId", table), ("DestinationCidrBlock", "0.0.0.0/0"));
        await _lab.Ec2.Ec2("DisassociateRouteTable", ("AssociationId", association));
        await _lab.Ec2.Ec2("DeleteRouteTable", ("RouteTableId", table));
    }

    [Fact]
    public async Task Endpoints_AreForPrivateServicesOnly()
    {
        var vpc = await _lab.Vpc();
        var subnet = await _lab.Subnet(vpc, "10.0.1.0/24");
        var service = $"com.amazonaws.{_lab.AppRunner.Region}.apprunner.requests";

        (await _lab.Ec2.Ec2Refuses("InvalidServiceName", "CreateVpcEndpoint", ("VpcId", vpc), ("ServiceName", "com.amazonaws.us-east-1.s3"))).Message.ShouldContain(service);
        var endpoint = (await _lab.Ec2.Ec2("CreateVpcEndpoint", ("VpcId", vpc), ("ServiceName", service), ("VpcEndpointType", "Interface"), ("SubnetId.1", subnet))).Text("vpcEndpointId");
        (await _lab.Find("DescribeNetworkInterfaces", "networkInterfaceSet", "subnetId", "vpc-id", vpc)).ShouldBe([subnet]);
        await _lab.Ec2.Ec2Refuses("DependencyViolation", "DeleteSubnet", ("SubnetId", subnet));
        var left = await _lab.Ec2.Ec2("DeleteVpcEndpoints", ("VpcEndpointId.1", endpoint), ("VpcEndpointId.2", "vpce-0123456789abcdef0"));
        left.Items("unsuccessful").ShouldHaveSingleItem().Text("resourceId").ShouldBe("vpce-0123456789abcdef0");
        await _lab.Ec2.Ec2("DeleteSubnet", ("SubnetId", subnet));
    }

    [Fact]
    public async Task Tags_AreGivenFoundAndTaken()
    {
        var vpc = (await _lab.Ec2.Ec2(
            "CreateVpc", ("CidrBlock", "10.0.0.0/16"), ("TagSpecification.1.ResourceType", "vpc"), ("TagSpecification.1.Tag.1.Key", "Name"), ("TagSpecification.1.Tag.1.Value", "shop-dev"))).Text("vpcId");
        await _lab.Ec2.Ec2Refuses("InvalidParameterValue", "CreateVpc", ("CidrBlock", "10.0.0.0/16"), ("TagSpecification.1.ResourceType", "subnet"), ("TagSpecification.1.Tag.1.Key", "Name"));
        var subnet = await _lab.Subnet(vpc, "10.0.1.0/24");
        await _lab.Ec2.Ec2("CreateTags", ("ResourceId.1", vpc), ("ResourceId.2", subnet), ("Tag.1.Key", "stage"), ("Tag.1.Value", "dev"));

        (await _lab.Find("DescribeVpcs", "vpcSet", "vpcId", "tag:Name", "shop-*")).ShouldBe([vpc]);
        (await _lab.Find("DescribeSubnets", "subnetSet", "subnetId", "tag-key", "stage")).ShouldBe([subnet]);
        (await _lab.Ec2.Ec2("DescribeTags", ("Filter.1.Name", "resource-id"), ("Filter.1.Value.1", vpc))).Items("tagSet").Select(tag => tag.Text("key")).ShouldBe(["Name", "stage"]);
        await _lab.Ec2.Ec2("DeleteTags", ("ResourceId.1", vpc), ("Tag.1.Key", "stage"), ("Tag.1.Value", "prod"), ("Tag.2.Key", "Name"));
        (await _lab.Ec2.Ec2("DescribeTags", ("Filter.1.Name", "resource-id"), ("Filter.1.Value.1", vpc))).Items("tagSet").Select(tag => tag.Text("key")).ShouldBe(["stage"]);
        await _lab.Ec2.Ec2Refuses("InvalidID", "CreateTags", ("ResourceId.1", "i-1"), ("Tag.1.Key", "a"));
        await _lab.Ec2.Ec2Refuses("InvalidParameterValue", "DescribeVpcs", ("Filter.1.Name", "colour"), ("Filter.1.Value.1", "red"));
    }

    [Fact]
    public async Task Pages_GoOnWhereTheLastOneEnded()
    {
        var lab = new Ec2Lab(host);
        var vpc = await lab.Vpc();
        for (var i = 0; i < 7; i++)
        {
            await lab.Group(vpc, $"g{i}");
        }

        var first = await lab.Ec2.Ec2("DescribeSecurityGroups", ("MaxResults", "5"));
        var second = await lab.Ec2.Ec2("DescribeSecurityGroups", ("MaxResults", "5"), ("NextToken", first.Text("nextToken")));

        first.Items("securityGroupInfo").Concat(second.Items("securityGroupInfo")).Select(group => group.Text("groupId")).Distinct().Count().ShouldBe(9);
        second.Texts("nextToken").ShouldBeEmpty();
        await lab.Ec2.Ec2Refuses("InvalidNextToken", "DescribeSecurityGroups", ("MaxResults", "5"), ("NextToken", "AAAA"));
        await lab.Ec2.Ec2Refuses("InvalidParameterValue", "DescribeSecurityGroups", ("MaxResults", "4"));
    }

    [Fact]
    public async Task DryRun_ChecksAndWritesNothing()
    {
        var vpc = await _lab.Vpc();

        await _lab.Ec2.Ec2Refuses("DryRunOperation", "CreateSubnet", ("VpcId", vpc), ("CidrBlock", "10.0.1.0/24"), ("DryRun", "true"));
        await _lab.Ec2.Ec2Refuses("InvalidSubnet.Range", "CreateSubnet", ("VpcId", vpc), ("CidrBlock", "10.1.1.0/24"), ("DryRun", "true"));
        await _lab.Ec2.Ec2Refuses("DryRunOperation", "DescribeVpcs", ("DryRun", "true"));
        (await _lab.Find("DescribeSubnets", "subnetSet", "subnetId", "vpc-id", vpc)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Permissions_AreOfTheResourceAndItsTags()
    {
        var identities = new IdentityLab(host);
        var mine = await _lab.Vpc();
        var other = await _lab.Vpc();
        await _lab.Ec2.Ec2("CreateTags", ("ResourceId.1", mine), ("Tag.1.Key", "team"), ("Tag.1.Value", "red"));
        var user = await identities.User(
            $"networker-{_lab.AppRunner.Region}",
            """{"Effect":"Allow","Action":"ec2:CreateSubnet","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:ResourceTag/team":"red"}}}""",
            $$"""{"Effect":"Deny","Action":"ec2:CreateSubnet","Resource":"arn:aws:ec2:*:*:vpc/{{other}}"}""",
            """{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}""");
        var red = new QueryClient(host, user, _lab.AppRunner.Region);

        await red.Ec2("CreateSubnet", ("VpcId", mine), ("CidrBlock", "10.0.1.0/24"));
        (await red.Ec2Refuses("UnauthorizedOperation", "CreateSubnet", ("VpcId", other), ("CidrBlock", "10.0.1.0/24"), ("DryRun", "true"))).Message.ShouldContain($"vpc/{other}");
        await red.Ec2Refuses("UnauthorizedOperation", "CreateSubnet", ("VpcId", mine), ("CidrBlock", "10.0.2.0/24"), ("TagSpecification.1.ResourceType", "subnet"), ("TagSpecification.1.Tag.1.Key", "a"));
        await red.Ec2("DescribeSubnets");
        await red.Ec2Refuses("UnauthorizedOperation", "DeleteVpc", ("VpcId", mine));
    }

    private Task<QueryClient.Answer> Allow(string group, string protocol, int port, params (string, string)[] peer) => _lab.Ec2.Ec2(
        "AuthorizeSecurityGroupIngress",
        [("GroupId", group), ("IpPermissions.1.IpProtocol", protocol), ("IpPermissions.1.FromPort", $"{port}"), ("IpPermissions.1.ToPort", $"{port}"), .. peer]);
}
