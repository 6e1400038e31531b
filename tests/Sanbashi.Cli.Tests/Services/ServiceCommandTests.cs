using System.Diagnostics;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Tests.Services;

public sealed class ServiceCommandTests : IAsyncLifetime
{
    private FakePlatform _platform = null!;

    public async ValueTask InitializeAsync() => _platform = await FakePlatform.Start();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task Create_FromImage_SendsWhatWasGivenAndFollowsTheDeployment()
    {
        _platform.WithService(type: "CREATE_SERVICE")
            .Answer("Sanbashi.DescribeImage", """{"ImageId":"sha256:1","ExposedPorts":[3000]}""")
            .Answer("AppRunner.CreateService", $$"""{"Service":{{FakePlatform.Service("OPERATION_IN_PROGRESS")}},"OperationId":"op1"}""");

        var run = await _platform.Run(
            "svc", "create", "--name", "web", "--image", "app:1", "--env", "A=1", "--cpu", "0.5", "--memory", "1g", "--health-path", "/up",
            "--tag", "team=x", "--setting", "request-timeout=15m");

        run.ExitCode.ShouldBe(0, run.Error);
        var input = _platform.Input("AppRunner.CreateService");
        JsonNode.DeepEquals(input, JsonNode.Parse("""
            {"ServiceName":"web","InstanceConfiguration":{"Cpu":"0.5 vCPU","Memory":"1 GB"},"HealthCheckConfiguration":{"Protocol":"HTTP","Path":"/up"},
             "Tags":[{"Key":"team","Value":"x"},{"Key":"sanbashi:request-timeout","Value":"15m"}],
             "SourceConfiguration":{"AutoDeploymentsEnabled":false,"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR_PUBLIC",
               "ImageConfiguration":{"Port":"3000","RuntimeEnvironmentVariables":{"A":"1"}}}}}
            """)).ShouldBeTrue(input.ToJsonString());
        run.Error.ShouldContain("0.5 s  Deployment started.");
        run.Error.ShouldContain("web is RUNNING after 2.5 s.");
        run.Out.ShouldContain("http://web.sanbashi.localhost:8080");
        run.Out.ShouldContain("curl -H 'Host: web.sanbashi.localhost' http://localhost:8080/");
    }

    [Fact]
    public async Task Update_WithAShare_SetsItBeforeTheDeployment()
    {
        _platform.WithService(type: "UPDATE_SERVICE")
            .Answer("Sanbashi.GetServiceSettings", """{"Settings":[{"Name":"traffic","Value":"new=100%","Source":"DEFAULT"}]}""")
            .Answer("Sanbashi.PutServiceSettings", """{"Settings":[]}""")
            .Answer("AppRunner.UpdateService", $$"""{"Service":{{FakePlatform.Service("OPERATION_IN_PROGRESS")}},"OperationId":"op1"}""");

        var run = await _platform.Run("svc", "update", "web", "--env", "A=2", "--traffic", "new=10%");

        run.ExitCode.ShouldBe(0, run.Error);
        _platform.Calls.Select(call => call.Operation).Where(operation => operation is "Sanbashi.PutServiceSettings" or "AppRunner.UpdateService")
            .ShouldBe(["Sanbashi.PutServiceSettings", "AppRunner.UpdateService"]);
        ((string?)_platform.Input("Sanbashi.PutServiceSettings")["Settings"]!["traffic"]).ShouldBe("new=10%");
    }

    [Fact]
    public async Task Traffic_WithoutAShare_ShowsWhoTakesHowMuch()
    {
        WithCanary();

        var run = await _platform.Run("svc", "traffic", "web");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldMatch(@"2 .*CANARY .*10% .*app:2");
        run.Out.ShouldMatch(@"1 .*ACTIVE .*90% .*app:1");
        run.Out.ShouldNotContain("RETIRED");
        run.Out.ShouldContain("Setting traffic: new=10%");
        (await _platform.Run("svc", "show", "web")).Out.ShouldContain("revision 2, app:2, takes 10% of the requests");
        var json = JsonNode.Parse((await _platform.Run("svc", "traffic", "web", "--json")).Out)!;
        json["Revisions"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Traffic_OfAll_FollowsThePromotion()
    {
        WithCanary().Answer("Sanbashi.PutServiceSettings", """{"Settings":[],"OperationId":"op1"}""");

        var run = await _platform.Run("svc", "traffic", "web", "new=100%");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain("Promoting the canary of web");
        run.Error.ShouldContain("web is RUNNING");
    }

    [Fact]
    public async Task Promote_OfACanary_FollowsItsOperation()
    {
        WithCanary().Answer("Sanbashi.PromoteService", $$"""{"Service":{{FakePlatform.Service("OPERATION_IN_PROGRESS")}},"OperationId":"op1"}""");

        var run = await _platform.Run("svc", "promote", "web");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain("Promoting the canary of web");
    }

    private FakePlatform WithCanary() => _platform.WithService(type: "UPDATE_SERVICE")
        .Answer("Sanbashi.GetServiceSettings", """{"Settings":[{"Name":"traffic","Value":"new=10%","Source":"API"}]}""")
        .Answer("Sanbashi.ListRevisions", """
            {"Revisions":[{"Revision":3,"ImageIdentifier":"app:3","Status":"RETIRED"},{"Revision":2,"ImageIdentifier":"app:2","Status":"CANARY","TrafficPercent":10},
              {"Revision":1,"ImageIdentifier":"app:1","Status":"ACTIVE","TrafficPercent":90}]}
            """);

    [Fact]
    public async Task Create_DeploymentFails_EndsWithOneAndSaysWhereToLook()
    {
        _platform.WithService("CREATE_FAILED", "FAILED", "CREATE_SERVICE")
            .Answer("AppRunner.CreateService", $$"""{"Service":{{FakePlatform.Service("OPERATION_IN_PROGRESS")}},"OperationId":"op1"}""");

        var run = await _platform.Run("svc", "create", "--name", "web", "--image", "app:1", "--port", "80");

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Error.ShouldContain("CREATE_SERVICE of web ended as FAILED");
        run.Error.ShouldContain("sanbashi svc logs web");
        run.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_NameIsTaken_EndsWithConflict()
    {
        _platform.Refuse("AppRunner.CreateService", "InvalidRequestException", "Service with the provided name already exists: web.");

        var run = await _platform.Run("svc", "create", "--name", "web", "--image", "app:1", "--port", "80");

        run.ExitCode.ShouldBe(ExitCodes.Conflict);
        run.Error.Trim().ShouldBe("Service with the provided name already exists: web.");
    }

    [Fact]
    public async Task Create_FromFolder_UploadsItSignedAndRunsWhatWasBuilt()
    {
        using var folder = new TemporaryFolder();
        folder.File("Dockerfile", "FROM scratch\n");
        string? query = null, authorization = null;
        long uploaded = 0;
        _platform.WithService(type: "CREATE_SERVICE")
            .Answer("Sanbashi.DescribeImage", """{"ImageId":"sha256:1","ExposedPorts":[]}""")
            .Answer("AppRunner.CreateService", $$"""{"Service":{{FakePlatform.Service("OPERATION_IN_PROGRESS")}},"OperationId":"op1"}""");
        _platform.Other = async context =>
        {
            (query, authorization) = (context.Request.QueryString.Value, context.Request.Headers.Authorization);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            uploaded = body.Length;
            await context.Response.BodyWriter.WriteAsync("{\"stream\":\"Step 1/1 : FROM scratch\\n\"}\n{\"imageId\":\"sha256:2\",\"tag\":\"sanbashi-build/web:latest\"}\n"u8.ToArray());
        };

        var run = await _platform.Run("svc", "create", "--name", "web", "--build", folder.Path);

        run.ExitCode.ShouldBe(0, run.Error);
        query.ShouldBe("?tag=sanbashi-build%2Fweb%3Alatest&dockerfile=Dockerfile");
        authorization.ShouldStartWith("AWS4-HMAC-SHA256 ");
        uploaded.ShouldBeGreaterThan(0);
        run.Error.ShouldContain("Step 1/1 : FROM scratch");
        ((string?)_platform.Input("AppRunner.CreateService")["SourceConfiguration"]!["ImageRepository"]!["ImageIdentifier"]).ShouldBe("sanbashi-build/web:latest");
    }

    [Fact]
    public async Task Create_BuildFails_CreatesNothing()
    {
        using var folder = new TemporaryFolder();
        folder.File("Dockerfile", "FROM scratch\n");
        _platform.Other = async context => await context.Response.BodyWriter.WriteAsync("{\"error\":\"COPY failed: x not found\"}\n"u8.ToArray());

        var run = await _platform.Run("svc", "create", "--name", "web", "--build", folder.Path);

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Error.ShouldContain("The image could not be built: COPY failed: x not found");
        _platform.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Redeploy_Interrupted_LeavesItRunningAndSaysSo()
    {
        _platform.WithService("OPERATION_IN_PROGRESS", "IN_PROGRESS").Answer("AppRunner.StartDeployment", """{"OperationId":"op1"}""");
        var start = CommandRun.Describe(Built.Executable, ["svc", "redeploy", "web", "--state", _platform.State], null);
        using var process = Process.Start(start)!;
        await Until.True(() => _platform.Calls.Count(call => call.Operation == "AppRunner.ListOperations") > 1, "the command to follow the operation");

        _ = Posix.kill(process.Id, Posix.SIGINT);
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(ExitCodes.Interrupted);
        (await process.StandardError.ReadToEndAsync()).ShouldContain("Interrupted: the operation goes on at the platform.");
        _platform.Calls.ShouldNotContain(call => call.Operation == "Sanbashi.CancelOperation");
    }

    [Theory]
    [InlineData("AppRunner.ListOperations")]
    [InlineData("Sanbashi.GetServiceLogs")]
    public async Task Redeploy_PlatformIsRestarted_GoesOnFollowing(string operation)
    {
        _platform.WithService().Answer("AppRunner.StartDeployment", """{"OperationId":"op1"}""");
        _platform.Cut = (operation, 2);

        var run = await _platform.Run("svc", "redeploy", "web");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain("Deployment started.");
    }

    [Fact]
    public async Task Redeploy_TakesLonger_EndsWithTimedOut()
    {
        _platform.WithService("OPERATION_IN_PROGRESS", "IN_PROGRESS").Answer("AppRunner.StartDeployment", """{"OperationId":"op1"}""");

        var run = await _platform.Run("svc", "redeploy", "web", "--timeout", "1s");

        run.ExitCode.ShouldBe(ExitCodes.TimedOut);
        run.Error.ShouldContain("sanbashi svc cancel web");
    }

    [Fact]
    public async Task Redeploy_NoWait_ReturnsAtOnce()
    {
        _platform.WithService("OPERATION_IN_PROGRESS", "IN_PROGRESS").Answer("AppRunner.StartDeployment", """{"OperationId":"op1"}""");

        var run = await _platform.Run("svc", "redeploy", "web", "--no-wait", "--json");

        run.ExitCode.ShouldBe(0, run.Error);
        ((string?)JsonNode.Parse(run.Out)!["Operation"]!["Id"]).ShouldBe("op1");
    }

    [Fact]
    public async Task Redeploy_RolledBack_SaysThatTheOldOneServes()
    {
        _platform.WithService("RUNNING", "ROLLBACK_SUCCEEDED").Answer("AppRunner.StartDeployment", """{"OperationId":"op1"}""");

        var run = await _platform.Run("svc", "redeploy", "web");

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Error.ShouldContain("What ran before goes on serving.");
    }

    [Fact]
    public async Task Pause_AlreadyPaused_IsNothingToDo()
    {
        _platform.WithService("PAUSED").Answer("AppRunner.PauseService", $$"""{"Service":{{FakePlatform.Service("PAUSED")}}}""");

        var run = await _platform.Run("svc", "pause", "web");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.Trim().ShouldBe("Nothing to do: web is PAUSED.");
    }

    [Fact]
    public async Task Delete_NobodyToAsk_NeedsYes()
    {
        _platform.WithService();

        var run = await _platform.Run("svc", "delete", "web");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain("--yes");
        _platform.Calls.ShouldNotContain(call => call.Operation == "AppRunner.DeleteService");
    }

    [Fact]
    public async Task Cancel_DeploymentStopped_IsSuccess()
    {
        _platform.WithService("RUNNING", "ROLLBACK_SUCCEEDED").Answer("Sanbashi.CancelOperation", """{"OperationId":"op1"}""");

        var run = await _platform.Run("svc", "cancel", "web");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain("was stopped (ROLLBACK_SUCCEEDED); web is RUNNING.");
    }

    [Fact]
    public async Task Show_UnknownName_NamesThoseThereAre()
    {
        _platform.WithService();

        var run = await _platform.Run("svc", "show", "wep");

        run.ExitCode.ShouldBe(ExitCodes.NotFound);
        run.Error.Trim().ShouldBe("There is no service 'wep' in region local-1. There are: web.");
    }

    [Fact]
    public async Task Show_Json_IsWhatTheApiSays()
    {
        _platform.WithService();

        var run = await _platform.Run("svc", "show", "web", "--json");

        JsonNode.DeepEquals(JsonNode.Parse(run.Out), JsonNode.Parse(FakePlatform.Service("RUNNING"))).ShouldBeTrue(run.Out);
    }

    [Fact]
    public async Task List_SeveralPages_ListsAll()
    {
        _platform.Answer("AppRunner.ListServices", input => JsonNode.Parse(input.ContainsKey("NextToken")
            ? $$"""{"ServiceSummaryList":[{{FakePlatform.Service("PAUSED")}}]}"""
            : $$"""{"ServiceSummaryList":[{{FakePlatform.Service("RUNNING")}}],"NextToken":"more"}""")!.AsObject());

        (await _platform.Run("svc", "ls")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
    }

    [Fact]
    public async Task List_WrongKey_EndsWithDenied()
    {
        _platform.Refuse("AppRunner.ListServices", "UnrecognizedClientException", "The security token included in the request is invalid.");

        (await _platform.Run("svc", "ls")).ExitCode.ShouldBe(ExitCodes.Denied);
    }

    [Fact]
    public async Task List_NoPlatform_SaysHowToStartOne()
    {
        using var empty = new TemporaryFolder();

        var run = await CommandRun.Cli("svc", "ls", "--state", empty.Path);

        run.ExitCode.ShouldBe(ExitCodes.Unreachable);
        run.Error.ShouldContain("sanbashi up");
    }

    [Fact]
    public async Task List_PlatformIsGone_EndsWithUnreachable()
    {
        var status = Path.Combine(_platform.State, "run", "platform.json");
        File.WriteAllText(status, File.ReadAllText(status).Replace($":{_platform.Address.Port}", ":1", StringComparison.Ordinal));

        var run = await _platform.Run("svc", "ls", "--json");

        run.ExitCode.ShouldBe(ExitCodes.Unreachable);
        ((int?)JsonNode.Parse(run.Error)!["exitCode"]).ShouldBe(ExitCodes.Unreachable);
    }

    [Fact]
    public async Task Logs_Deployment_ArePrintedOnceEach()
    {
        _platform.WithService();

        var run = await _platform.Run("svc", "logs", "web", "--deployment");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  ")[1]).ShouldBe(["Deployment started.", "Health check is successful."]);
        ((string?)_platform.Input("Sanbashi.GetServiceLogs")["OperationId"]).ShouldBe("op1");
    }

    [Fact]
    public async Task Update_Variable_SendsTheWholeSource()
    {
        _platform.WithService().Answer("AppRunner.UpdateService", $$"""{"Service":{{FakePlatform.Service("OPERATION_IN_PROGRESS")}},"OperationId":"op1"}""");

        var run = await _platform.Run("svc", "update", "web", "--env", "B=2");

        run.ExitCode.ShouldBe(0, run.Error);
        _platform.Input("AppRunner.UpdateService")["SourceConfiguration"]!.ToJsonString().ShouldBe(
            """{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR_PUBLIC","ImageConfiguration":{"Port":"8080","RuntimeEnvironmentVariables":{"B":"2"}}}}""");
    }

    [Fact]
    public async Task Settings_OneIsATag_IsChangedAsATag()
    {
        _platform.WithService()
            .Answer("Sanbashi.GetServiceSettings", """{"Settings":[{"Name":"request-timeout","Value":"2m","Source":"TAG"},{"Name":"drain-timeout","Value":"30s","Source":"DEFAULT"}]}""")
            .Answer("Sanbashi.PutServiceSettings", """{"Settings":[]}""")
            .Answer("AppRunner.TagResource", "{}");

        var run = await _platform.Run("svc", "settings", "web", "request-timeout=1m", "drain-timeout=5s");

        run.ExitCode.ShouldBe(0, run.Error);
        _platform.Input("Sanbashi.PutServiceSettings")["Settings"]!.ToJsonString().ShouldBe("""{"drain-timeout":"5s"}""");
        _platform.Input("AppRunner.TagResource")["Tags"]!.ToJsonString().ShouldBe("""[{"Key":"sanbashi:request-timeout","Value":"1m"}]""");
    }
}
