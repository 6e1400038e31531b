using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Services;

public sealed class LogsTests(SharedPlatform shared)
{
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

    private static IReadOnlyList<string> Messages(JsonNode answer) => [.. answer["events"]!.AsArray().Select(line => (string)line!["message"]!)];
}
