using System.Net;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Services;

/// <summary>The life of a service as its owner sees it, by the real <c>aws</c>.</summary>
public sealed class ServiceLifeTests(SharedPlatform shared)
{
    [Fact]
    public async Task Service_FromCreateToDelete_DoesWhatTheAwsCliSays()
    {
        Assert.SkipUnless(AwsCli.IsInstalled, "The aws command line is not installed.");
        var platform = await shared.Get();
        var aws = platform.Aws;
        var image = await shared.Images.TestApp();

        // Created: answers at once, then runs, and the URL answers.
        var created = await aws.Run("apprunner", "create-service", "--service-name", "life", "--source-configuration", Source(image, "one"), "--tags", "Key=team,Value=pier");
        var arn = (string)created["Service"]!["ServiceArn"]!;
        ((string)created["Service"]!["Status"]!).ShouldBe("OPERATION_IN_PROGRESS");
        await WaitForOperation(aws, arn, (string)created["OperationId"]!, "SUCCEEDED");
        var described = (await aws.Run("apprunner", "describe-service", "--service-arn", arn))["Service"]!;
        ((string)described["Status"]!).ShouldBe("RUNNING");
        ((string)described["InstanceConfiguration"]!["Cpu"]!).ShouldBe("1024");
        var host = (string)described["ServiceUrl"]!;
        (await platform.Gateway.Version(host)).ShouldBe("one");
        (await aws.Run("apprunner", "list-services"))["ServiceSummaryList"]!.AsArray().ShouldContain(service => (string)service!["ServiceArn"]! == arn);

        // Updated: the new configuration answers.
        var updated = await aws.Run("apprunner", "update-service", "--service-arn", arn, "--source-configuration", Source(image, "two"));
        await WaitForOperation(aws, arn, (string)updated["OperationId"]!, "SUCCEEDED");
        (await platform.Gateway.Version(host)).ShouldBe("two");

        // Deployed again: other instances, same version.
        var before = (string)(await platform.Gateway.Describe(host))["host"]!;
        var deployment = await aws.Run("apprunner", "start-deployment", "--service-arn", arn);
        await WaitForOperation(aws, arn, (string)deployment["OperationId"]!, "SUCCEEDED");
        var after = await platform.Gateway.Describe(host);
        ((string)after["version"]!).ShouldBe("two");
        ((string)after["host"]!).ShouldNotBe(before);

        // Tagged and untagged.
        await aws.Run("apprunner", "tag-resource", "--resource-arn", arn, "--tags", "Key=stage,Value=test");
        await aws.Run("apprunner", "untag-resource", "--resource-arn", arn, "--tag-keys", "team");
        (await aws.Run("apprunner", "list-tags-for-resource", "--resource-arn", arn))["Tags"]!.AsArray().Select(tag => (string)tag!["Key"]!).ShouldBe(["stage"]);

        // Paused: 503; resumed: the last version again.
        var paused = await aws.Run("apprunner", "pause-service", "--service-arn", arn);
        await WaitForOperation(aws, arn, (string)paused["OperationId"]!, "SUCCEEDED");
        (await platform.Gateway.Get(host, "/")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var resumed = await aws.Run("apprunner", "resume-service", "--service-arn", arn);
        await WaitForOperation(aws, arn, (string)resumed["OperationId"]!, "SUCCEEDED");
        (await platform.Gateway.Version(host)).ShouldBe("two");

        // Deleted: gone from the gateway, still describable.
        var deleted = await aws.Run("apprunner", "delete-service", "--service-arn", arn);
        await WaitForOperation(aws, arn, (string)deleted["OperationId"]!, "SUCCEEDED");
        ((string)(await aws.Run("apprunner", "describe-service", "--service-arn", arn))["Service"]!["Status"]!).ShouldBe("DELETED");
        (await platform.Gateway.Get(host, "/")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await aws.Run("apprunner", "list-operations", "--service-arn", arn))["OperationSummaryList"]!.AsArray().Select(operation => (string)operation!["Type"]!)
            .ShouldBe(["DELETE_SERVICE", "RESUME_SERVICE", "PAUSE_SERVICE", "START_DEPLOYMENT", "UPDATE_SERVICE", "CREATE_SERVICE"]);
    }

    [Fact]
    public async Task Logs_OfAService_AreReadWithAwsLogs()
    {
        Assert.SkipUnless(AwsCli.IsInstalled, "The aws command line is not installed.");
        var platform = await shared.Get();
        var service = await platform.Api.RunService("logged", await shared.Images.TestApp());
        await platform.Gateway.Get(service.Host, "/log?text=a+line+to+find");
        await platform.Gateway.Get(service.Host, "/log?text=an+error+to+find&error");
        await platform.Gateway.Get(service.Host, "/log?length=40000");
        var prefix = $"/aws/apprunner/logged/{service.Id}";

        var groups = await platform.Aws.Run("logs", "describe-log-groups", "--log-group-name-prefix", prefix);
        groups["logGroups"]!.AsArray().Select(group => (string)group!["logGroupName"]!).ShouldBe([$"{prefix}/access", $"{prefix}/application", $"{prefix}/service"], ignoreOrder: true);

        var streams = await platform.Aws.Run("logs", "describe-log-streams", "--log-group-name", $"{prefix}/application");
        var stream = (string)streams["logStreams"]!.AsArray().Single(stream => ((string)stream!["logStreamName"]!).StartsWith("instance/", StringComparison.Ordinal))!["logStreamName"]!;
        await Eventually.Get(
            async () => Messages(await platform.Aws.Run("logs", "get-log-events", "--log-group-name", $"{prefix}/application", "--log-stream-name", stream, "--start-from-head")),
            lines => lines.Contains("a line to find") && lines.Contains("an error to find") && lines.Contains(new string('x', 40_000)));

        Messages(await platform.Aws.Run("logs", "filter-log-events", "--log-group-name", $"{prefix}/application", "--filter-pattern", "\"error to find\""))
            .ShouldContain("an error to find");
        Messages(await platform.Aws.Run("logs", "get-log-events", "--log-group-name", $"{prefix}/service", "--log-stream-name", "events", "--start-from-head"))
            .ShouldContain("Service status is set to RUNNING.");
        Messages(await platform.Aws.Run("logs", "get-log-events", "--log-group-name", $"{prefix}/service", "--log-stream-name", $"deployment/{service.CreateOperation}", "--start-from-head"))
            .ShouldContain(line => line.StartsWith("[AppRunner] ", StringComparison.Ordinal));
    }

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
        var hosts = new HashSet<string>(StringComparer.Ordinal);
        await Eventually.True(async () =>
        {
            hosts.Add((string)(await platform.Gateway.Describe(service.Host))["host"]!);
            return hosts.Count == 2;
        });
        // Younger than Debian's aws, so by the signed client.
        (await platform.Api.AppRunner("ListServicesForAutoScalingConfiguration", new JsonObject { ["AutoScalingConfigurationArn"] = arn }))["ServiceArnList"]!.AsArray()
            .Select(listed => (string)listed!).ShouldBe([service.Arn]);
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
        await platform.Aws.Run("apprunner", "delete-auto-scaling-configuration", "--auto-scaling-configuration-arn", arn);
    }

    private static string Source(string image, string version) =>
        $$$$"""
        {"ImageRepository": {"ImageIdentifier": "{{{{image}}}}", "ImageRepositoryType": "ECR_PUBLIC",
         "ImageConfiguration": {"Port": "8080", "RuntimeEnvironmentVariables": {"APP_VERSION": "{{{{version}}}}"}}}, "AutoDeploymentsEnabled": false}
        """;

    private static IReadOnlyList<string> Messages(JsonNode answer) => [.. answer["events"]!.AsArray().Select(line => (string)line!["message"]!)];

    private static async Task WaitForOperation(AwsCli aws, string arn, string operation, string expected) =>
        await Eventually.Get(
            async () => (string)(await aws.Run("apprunner", "list-operations", "--service-arn", arn))["OperationSummaryList"]!.AsArray().Single(listed => (string)listed!["Id"]! == operation)!["Status"]!,
            status => status == expected);
}
