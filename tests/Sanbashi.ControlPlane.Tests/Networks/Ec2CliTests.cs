using Sanbashi.ControlPlane.Tests.Api;

namespace Sanbashi.ControlPlane.Tests.Networks;

/// <summary>Networks as the real client makes them.</summary>
public sealed class Ec2CliTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Network_ThroughTheAwsCommand_LivesAndEnds()
    {
        var aws = new AwsCli(host.Endpoint, host.NewRegion().Region);

        var vpc = (await aws.Run("ec2", "create-vpc", "--cidr-block", "10.0.0.0/16", "--tag-specifications", "ResourceType=vpc,Tags=[{Key=Name,Value=shop}]"))!["Vpc"].Text("VpcId");
        var subnet = (await aws.Run("ec2", "create-subnet", "--vpc-id", vpc, "--cidr-block", "10.0.1.0/24"))!["Subnet"].Text("SubnetId");
        var group = (await aws.Run("ec2", "create-security-group", "--group-name", "db", "--description", "database", "--vpc-id", vpc))!.Text("GroupId");
        await aws.Run("ec2", "authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", "5432", "--source-group", group);
        (await aws.Fail("ec2", "delete-vpc", "--vpc-id", vpc)).ShouldContain("An error occurred (DependencyViolation) when calling the DeleteVpc operation");
        (await aws.Fail("ec2", "delete-subnet", "--subnet-id", subnet, "--dry-run")).ShouldContain("(DryRunOperation)");
        var described = (await aws.Run("ec2", "describe-security-groups", "--filters", "Name=group-name,Values=d?", $"Name=vpc-id,Values={vpc}"))!["SecurityGroups"]!.AsArray().ShouldHaveSingleItem()!;
        described["IpPermissions"]!.AsArray().ShouldHaveSingleItem()!["UserIdGroupPairs"]!.AsArray().ShouldHaveSingleItem().Text("GroupId").ShouldBe(group);
        (await aws.Run("ec2", "describe-vpcs", "--filters", "Name=tag:Name,Values=shop", "--query", "Vpcs[].VpcId"))!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldBe(vpc);
        (await aws.Run("ec2", "describe-availability-zones", "--query", "AvailabilityZones[].State"))!.AsArray().Count.ShouldBe(3);
        await aws.Run("ec2", "delete-security-group", "--group-id", group);
        await aws.Run("ec2", "delete-subnet", "--subnet-id", subnet);
        await aws.Run("ec2", "delete-vpc", "--vpc-id", vpc);
    }
}
