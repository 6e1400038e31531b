using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Api;

/// <summary>A service's life as the real client sees it.</summary>
public sealed class AwsCliTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Services_ThroughTheAwsCommand_LiveAndEnd()
    {
        var client = host.NewRegion();
        var aws = new AwsCli(host.Endpoint, client.Region);

        var created = await aws.Run(
            "apprunner", "create-service", "--service-name", "shop", "--tags", "Key=sanbashi:request-timeout,Value=15m", "Key=team,Value=a",
            "--instance-configuration", "Cpu=0.25 vCPU,Memory=0.5 GB",
            "--source-configuration", """{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR","ImageConfiguration":{"Port":"3000","RuntimeEnvironmentVariables":{"GREETING":"räksmörgås ☕"}}}}""");
        var arn = created!["Service"].Text("ServiceArn");
        created["Service"]!["InstanceConfiguration"].ShouldBeJson("""{"Cpu":"256","Memory":"512"}""");
        created["Service"].Text("CreatedAt").ShouldStartWith("2026-");
        (await aws.Fail("apprunner", "create-service", "--service-name", "shop", "--source-configuration", """{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR"}}"""))
            .ShouldContain("Service with the provided name already exists: shop.");
        await client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);

        var described = (await aws.Run("apprunner", "describe-service", "--service-arn", arn))!["Service"]!;
        described["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"]!["RuntimeEnvironmentVariables"].Text("GREETING").ShouldBe("räksmörgås ☕");
        (await aws.Run("apprunner", "list-services"))!["ServiceSummaryList"]!.AsArray().ShouldHaveSingleItem().Text("Status").ShouldBe("RUNNING");
        (await aws.Run("apprunner", "update-service", "--service-arn", arn, "--instance-configuration", "Memory=1024"))!["Service"].Text("Status").ShouldBe("OPERATION_IN_PROGRESS");
        (await aws.Fail("apprunner", "start-deployment", "--service-arn", arn))
            .ShouldContain("Can't start a deployment on the specified service, because it isn't in RUNNING state.");
        (await aws.Fail("apprunner", "pause-service", "--service-arn", arn)).ShouldContain("(InvalidStateException)");
        await client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        (await aws.Run("apprunner", "list-tags-for-resource", "--resource-arn", arn))!["Tags"]!.AsArray().Count.ShouldBe(2);
        (await aws.Run("apprunner", "untag-resource", "--resource-arn", arn, "--tag-keys", "team")).ShouldBeNull();
        await aws.Run("apprunner", "delete-service", "--service-arn", arn);
        await client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Deleted);
        (await aws.Run("apprunner", "describe-service", "--service-arn", arn))!["Service"].Text("Status").ShouldBe("DELETED");
        (await aws.Run("apprunner", "list-operations", "--service-arn", arn, "--max-results", "1"))!["OperationSummaryList"]!.AsArray().ShouldHaveSingleItem().Text("Type").ShouldBe("DELETE_SERVICE");
        (await aws.Fail("apprunner", "delete-service", "--service-arn", arn)).ShouldContain("(ResourceNotFoundException)");
    }

    [Fact]
    public async Task AutoScalingAndIdentity_ThroughTheAwsCommand_Work()
    {
        var client = host.NewRegion();
        var aws = new AwsCli(host.Endpoint, client.Region);

        var created = (await aws.Run("apprunner", "create-auto-scaling-configuration", "--auto-scaling-configuration-name", "high", "--max-concurrency", "50", "--min-size", "2"))!["AutoScalingConfiguration"]!;
        created.Text("Status").ShouldBe("active");
        (await aws.Run("apprunner", "list-auto-scaling-configurations"))!["AutoScalingConfigurationSummaryList"]!.AsArray().Count.ShouldBe(2);
        (await aws.Run("apprunner", "delete-auto-scaling-configuration", "--auto-scaling-configuration-arn", created.Text("AutoScalingConfigurationArn")))!["AutoScalingConfiguration"]
            .Text("Status").ShouldBe("inactive");
        (await aws.Fail("apprunner", "create-connection", "--connection-name", "github", "--provider-type", "GITHUB")).ShouldContain("not available in this version of Sanbashi");
        (await aws.Run("sts", "get-caller-identity")).ShouldBeJson("""{"UserId":"000000000000","Account":"000000000000","Arn":"arn:aws:iam::000000000000:root"}""");
    }
}
