using System.Net;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Services;

/// <summary>The life of a service as its owner sees it, by the real <c>aws</c>.</summary>
public class ServiceLifeTests(SharedPlatform shared)
{
    private Platform _platform = null!;
    private string _image = null!;
    private string _arn = null!;
    private string _host = null!;

    private AwsCli Aws => _platform.Aws;

    [Fact]
    public async Task Service_FromCreateToDelete_DoesWhatTheAwsCliSays()
    {
        Assert.SkipUnless(AwsCli.IsInstalled, "The aws command line is not installed.");
        _platform = await shared.Get();
        _image = await shared.Images.TestApp();
        await IsCreated();
        await IsUpdated();
        await IsKeptByAnUpdateThatFails();
        await IsDeployedAgain();
        await TellsItsLogs();
        await RunsACommand();
        await IsRolledBack();
        await IsTagged();
        await IsPausedAndResumed();
        await IsDeleted();

        (await Aws.Run("apprunner", "list-operations", "--service-arn", _arn))["OperationSummaryList"]!.AsArray().Select(operation => (string)operation!["Type"]!)
            .ShouldBe(["DELETE_SERVICE", "RESUME_SERVICE", "PAUSE_SERVICE", "UPDATE_SERVICE", "UPDATE_SERVICE", "START_DEPLOYMENT", "UPDATE_SERVICE", "UPDATE_SERVICE", "CREATE_SERVICE"]);
    }

    private async Task IsCreated()
    {
        var created = await Aws.Run(
            "apprunner", "create-service", "--service-name", "life", "--source-configuration", Source("one"), "--tags", "Key=team,Value=pier");
        _arn = (string)created["Service"]!["ServiceArn"]!;
        ((string)created["Service"]!["Status"]!).ShouldBe("OPERATION_IN_PROGRESS");
        await WaitForOperation(created, "SUCCEEDED");
        var described = await Describe();
        ((string)described["Status"]!).ShouldBe("RUNNING");
        ((string)described["InstanceConfiguration"]!["Cpu"]!).ShouldBe("1024");
        _host = (string)described["ServiceUrl"]!;
        (await _platform.Gateway.Version(_host)).ShouldBe("one");
        (await Aws.Run("apprunner", "list-services"))["ServiceSummaryList"]!.AsArray().ShouldContain(service => (string)service!["ServiceArn"]! == _arn);
    }

    private async Task IsUpdated()
    {
        await WaitForOperation(await Start("update-service", "--source-configuration", Source("two")), "SUCCEEDED");
        (await _platform.Gateway.Version(_host)).ShouldBe("two");
    }

    private async Task IsKeptByAnUpdateThatFails()
    {
        await WaitForOperation(await Start("update-service", "--source-configuration", Source("three", """, "EXIT_AT_START": "9" """)), "ROLLBACK_SUCCEEDED");
        ((string)(await Describe())["Status"]!).ShouldBe("RUNNING");
        (await _platform.Gateway.Version(_host)).ShouldBe("two");
        await Eventually.Get(() => Events("/service", "events"), lines => lines.Any(line => line.Contains("Container exit code: 9", StringComparison.Ordinal)));
    }

    private async Task IsDeployedAgain()
    {
        var before = (string)(await _platform.Gateway.Describe(_host))["host"]!;
        await WaitForOperation(await Start("start-deployment"), "SUCCEEDED");
        var after = await _platform.Gateway.Describe(_host);
        ((string)after["version"]!).ShouldBe("two");
        ((string)after["host"]!).ShouldNotBe(before);
    }

    private async Task TellsItsLogs()
    {
        await _platform.Gateway.Get(_host, "/log?text=a+line+to+find");
        var group = Group("/application");
        await Eventually.Get(
            async () => Messages(await Aws.Run("logs", "filter-log-events", "--log-group-name", group, "--filter-pattern", "\"line to find\"")),
            lines => lines.Contains("a line to find"));
    }

    private async Task RunsACommand() =>
        (await _platform.Cli("svc", "exec", "life", "--", "sh", "-c", "echo out; exit 7")).ShouldSatisfyAllConditions(
            result => result.ExitCode.ShouldBe(7, result.Error),
            result => result.Output.ShouldBe("out\n"));

    /// <summary>By the operations beyond App Runner's, which the <c>aws</c> is taught as the documentation says.</summary>
    private async Task IsRolledBack()
    {
        await WaitForOperation(await Start("update-service", "--source-configuration", Source("four")), "SUCCEEDED");
        var home = Directory.CreateTempSubdirectory("sanbashi-aws-").FullName;
        try
        {
            var taught = await Aws.Learn(home, "sanbashi", Path.Combine(Repository.Root, "src", "Sanbashi.Wire", "ServiceModels", "Embedded", "sanbashi.json"));
            await WaitForOperation(await taught.Run("sanbashi", "rollback-service", "--service-arn", _arn), "SUCCEEDED");
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }

        (await _platform.Gateway.Version(_host)).ShouldBe("two");
    }

    private async Task IsTagged()
    {
        await Aws.Run("apprunner", "tag-resource", "--resource-arn", _arn, "--tags", "Key=stage,Value=test");
        await Aws.Run("apprunner", "untag-resource", "--resource-arn", _arn, "--tag-keys", "team");
        (await Aws.Run("apprunner", "list-tags-for-resource", "--resource-arn", _arn))["Tags"]!.AsArray().Select(tag => (string)tag!["Key"]!).ShouldBe(["stage"]);
    }

    private async Task IsPausedAndResumed()
    {
        await WaitForOperation(await Start("pause-service"), "SUCCEEDED");
        (await _platform.Gateway.Get(_host, "/")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await WaitForOperation(await Start("resume-service"), "SUCCEEDED");
        (await _platform.Gateway.Version(_host)).ShouldBe("two");
    }

    /// <summary>Gone from the gateway, still describable.</summary>
    private async Task IsDeleted()
    {
        await WaitForOperation(await Start("delete-service"), "SUCCEEDED");
        ((string)(await Describe())["Status"]!).ShouldBe("DELETED");
        (await _platform.Gateway.Get(_host, "/")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<JsonNode> Start(string operation, params string[] arguments) => Aws.Run(["apprunner", operation, "--service-arn", _arn, .. arguments]);

    private async Task<JsonNode> Describe() => (await Aws.Run("apprunner", "describe-service", "--service-arn", _arn))["Service"]!;

    private string Group(string suffix) => $"/aws/apprunner/life/{_arn[(_arn.LastIndexOf('/') + 1)..]}{suffix}";

    private async Task<IReadOnlyList<string>> Events(string group, string stream) =>
        Messages(await Aws.Run("logs", "get-log-events", "--log-group-name", Group(group), "--log-stream-name", stream, "--start-from-head"));

    private string Source(string version, string moreVariables = "") =>
        $$$$"""
        {"ImageRepository": {"ImageIdentifier": "{{{{_image}}}}", "ImageRepositoryType": "ECR_PUBLIC",
         "ImageConfiguration": {"Port": "8080", "RuntimeEnvironmentVariables": {"APP_VERSION": "{{{{version}}}}"{{{{moreVariables}}}}}}}, "AutoDeploymentsEnabled": false}
        """;

    private static IReadOnlyList<string> Messages(JsonNode answer) => [.. answer["events"]!.AsArray().Select(line => (string)line!["message"]!)];

    /// <summary>By the signed client, which costs no second of processor time per question.</summary>
    /// <param name="started">The answer that names the operation.</param>
    private async Task WaitForOperation(JsonNode started, string expected)
    {
        var id = (string)started["OperationId"]!;
        var ended = await Eventually.Get(
            async () => Status(await _platform.Api.AppRunner("ListOperations", new JsonObject { ["ServiceArn"] = _arn })),
            status => status is not ("PENDING" or "IN_PROGRESS" or "ROLLBACK_IN_PROGRESS"));
        if (ended != expected)
        {
            throw new InvalidOperationException($"The operation ended as {ended} instead of {expected}. Events:\n{string.Join('\n', await Events("/service", "events"))}");
        }

        string Status(JsonNode answer) => (string)answer["OperationSummaryList"]!.AsArray().Single(listed => (string)listed!["Id"]! == id)!["Status"]!;
    }
}

public sealed class ServiceLifeOnPodmanTests(PodmanPlatform shared) : ServiceLifeTests(shared);

public sealed class ServiceLifeOnPostgresTests(PostgresPlatform shared) : ServiceLifeTests(shared);
