using System.Net;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Services;

public sealed class AutoScalingTests(SharedPlatform shared)
{
    [Fact]
    public async Task AutoScalingConfiguration_OfAService_DecidesHowManyInstancesRun()
    {
        Assert.SkipUnless(AwsCli.IsInstalled, "The aws command line is not installed.");
        var platform = await shared.Get();
        var configuration = (await platform.Aws.Run(
            "apprunner", "create-auto-scaling-configuration", "--auto-scaling-configuration-name", "pair", "--min-size", "2", "--max-size", "4", "--max-concurrency", "50"))["AutoScalingConfiguration"]!;
        ((string)configuration["Status"]!).ShouldBe("active");
        var arn = (string)configuration["AutoScalingConfigurationArn"]!;

        var service = await platform.Api.RunService("scaled", await shared.Images.TestApp(), new ServiceRequest { AutoScalingConfigurationArn = arn });

        (await service.Instances()).Count(instance => (string)instance!["Health"]! == "HEALTHY").ShouldBe(2);
        // One request at a time stays with one instance; two at a time are spread.
        await Eventually.True(async () =>
        {
            var alone = (string)(await platform.Gateway.Describe(service.Host))["host"]!;
            var slow = platform.Gateway.Get(service.Host, "/slow?ms=2000");
            var beside = (string)(await platform.Gateway.Describe(service.Host))["host"]!;
            (await slow).Status.ShouldBe(HttpStatusCode.OK);
            return alone != beside;
        });
        // Younger than Debian's aws, so by the signed client.
        (await platform.Api.AppRunner("ListServicesForAutoScalingConfiguration", new JsonObject { ["AutoScalingConfigurationArn"] = arn }))["ServiceArnList"]!.AsArray()
            .Select(listed => (string)listed!).ShouldBe([service.Arn]);
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
        await platform.Aws.Run("apprunner", "delete-auto-scaling-configuration", "--auto-scaling-configuration-arn", arn);
    }
}
