using System.Text.Json.Nodes;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class ExtensionTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly ApiClient _client = host.NewRegion();

    [Fact]
    public async Task Settings_Always_NameTheirSource()
    {
        var arn = await _client.CreateRunning("sources");
        await _client.Call("TagResource", new JsonObject { ["ResourceArn"] = arn, ["Tags"] = JsonNode.Parse("""[{"Key":"sanbashi:request-timeout","Value":"90"}]""") });

        var put = await _client.Extension("PutServiceSettings", ApiClient.Named(arn, """{"Settings":{"request-timeout":"1h","drain-timeout":"60s"}}"""));

        put.ContainsKey("OperationId").ShouldBeFalse();
        Settings(put).ShouldBe(["request-timeout=90s TAG LIVE", "drain-timeout=1m API LIVE", "start-timeout=5m DEFAULT DEPLOYMENT", "stop-timeout=30s DEFAULT DEPLOYMENT", "protocol=http1 DEFAULT DEPLOYMENT", "volume= DEFAULT DEPLOYMENT", "secrets-as=variables DEFAULT DEPLOYMENT", "allowed-sources= DEFAULT LIVE", "basic-auth= DEFAULT LIVE", "rate-limit= DEFAULT LIVE", "sticky=none DEFAULT LIVE", "traffic=new=100% DEFAULT LIVE", "hosts= DEFAULT LIVE", "path=/ DEFAULT LIVE",
            "min-size= DEFAULT LIVE", "schedule= DEFAULT LIVE", "scale-on= DEFAULT LIVE", "idle=freeze DEFAULT LIVE", "idle-period=10s DEFAULT LIVE", "scale-in-after=1m DEFAULT LIVE", "min-active=0 DEFAULT LIVE", "prepared=0 DEFAULT LIVE", "standby= DEFAULT LIVE",
            "queue-length=1000 DEFAULT LIVE", "queue-timeout=30s DEFAULT LIVE", "no-wake-paths= DEFAULT LIVE", "max-streams= DEFAULT LIVE", "secret-change=redeploy DEFAULT LIVE"]);
        Settings(await _client.Extension("GetServiceSettings", ApiClient.Named(arn))).ShouldBe(Settings(put));
    }

    [Fact]
    public async Task PutServiceSettings_DeploymentSetting_AnswersTheUpdateItStarts()
    {
        var arn = await _client.CreateRunning("put-deploys");

        var put = await _client.Extension("PutServiceSettings", ApiClient.Named(arn, """{"Settings":{"stop-timeout":"1m"}}"""));

        (await _client.Operation(put.Text("OperationId"))).Type.ShouldBe(OperationType.UpdateService);
        var busy = await Should.ThrowAsync<ApiException>(() => _client.Extension("PutServiceSettings", ApiClient.Named(arn, """{"Settings":{"stop-timeout":"2m"}}""")));
        busy.Code.ShouldBe("InvalidStateException");
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        await _client.Extension("PutServiceSettings", ApiClient.Named(arn, """{"Settings":{"stop-timeout":""}}"""));
        (await host.Documents.FindRevision(await _client.Service(arn), 3, TestContext.Current.CancellationToken))!.Record.Settings.StopTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        (await _client.Service(arn)).Settings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"stop-timeot":"1m"}""", "Did you mean stop-timeout?")]
    [InlineData("""{"stop-timeot":""}""", "Did you mean stop-timeout?")]
    [InlineData("""{"stop-timeout":"2h"}""", "it is above 1h")]
    [InlineData("""{"protocol":"http3"}""", "It must be one of http1")]
    public async Task PutServiceSettings_ThatCannotBe_IsRefused(string settings, string reason)
    {
        var arn = await _client.CreateRunning("put-bad");

        (await Refused("PutServiceSettings", ApiClient.Named(arn, $$"""{"Settings":{{settings}}}"""), "InvalidRequestException")).ShouldContain(reason);
    }

    [Fact]
    public async Task RollbackService_WithAPreviousRevision_BringsItBackByAnUpdate()
    {
        var arn = await _client.CreateRunning("rollback");
        (await Refused("RollbackService", ApiClient.Named(arn), "InvalidStateException")).ShouldContain("no previous revision");
        await _client.Call("UpdateService", ApiClient.Named(arn, """{"SourceConfiguration":{"ImageRepository":{"ImageIdentifier":"app:2"}}}"""));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);

        var answer = await _client.Extension("RollbackService", ApiClient.Named(arn));

        answer["Service"]!["SourceConfiguration"]!["ImageRepository"]!.Text("ImageIdentifier").ShouldBe("app:1");
        var operation = await _client.Operation(answer.Text("OperationId"));
        operation.Type.ShouldBe(OperationType.UpdateService);
        operation.Revision.ShouldBe(1);
        (await Refused("RollbackService", ApiClient.Named(arn), "InvalidStateException")).ShouldContain("OPERATION_IN_PROGRESS");
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        (await _client.Service(arn)).ShouldSatisfyAllConditions(service => service.ActiveRevision.ShouldBe(1), service => service.PreviousRevision.ShouldBe(2));
        (await _client.Extension("RollbackService", ApiClient.Named(arn)))["Service"]!["SourceConfiguration"]!["ImageRepository"]!.Text("ImageIdentifier").ShouldBe("app:2");
    }

    [Fact]
    public async Task CancelOperation_OfADeployment_IsRequestedOnce()
    {
        var arn = await _client.Create(ApiClient.NewService("cancel"));
        var id = (await _client.Service(arn)).OperationId!;

        (await _client.Extension("CancelOperation", ApiClient.Named(arn))).Text("OperationId").ShouldBe(id);
        (await _client.Operation(id)).CancelRequested.ShouldBeTrue();
        await _client.Extension("CancelOperation", ApiClient.Named(arn, $$"""{"OperationId":"{{id}}"}"""));

        await _client.Finish(arn, OperationStatus.Failed, ServiceStatus.CreateFailed);
        (await Refused("CancelOperation", ApiClient.Named(arn), "InvalidStateException")).ShouldContain("nothing to cancel");
        (await Refused("CancelOperation", ApiClient.Named(arn, $$"""{"OperationId":"{{id}}"}"""), "InvalidStateException")).ShouldContain("it has ended: FAILED");
        (await Refused("CancelOperation", ApiClient.Named(arn, """{"OperationId":"0123456789abcdef0123456789abcdef"}"""), "ResourceNotFoundException")).ShouldContain("Operation not found");
    }

    [Fact]
    public async Task CancelOperation_OfAPause_IsRefused()
    {
        var arn = await _client.CreateRunning("cancel-pause");
        await _client.Call("PauseService", ApiClient.Named(arn));

        (await Refused("CancelOperation", ApiClient.Named(arn), "InvalidStateException")).ShouldContain("PAUSE_SERVICE: only deployments can be");
    }

    [Fact]
    public async Task CancelOperation_AfterTheSwitch_IsRefused()
    {
        var arn = await _client.CreateRunning("cancel-late");
        await _client.Call("StartDeployment", ApiClient.Named(arn));
        var stored = await _client.Stored(arn);
        await host.Documents.Store.Commit(
            [ControlPlane.Services.ServiceDocuments.Write(stored.Record with { ActiveRevision = 2, PreviousRevision = 1 }, stored.Version)], TestContext.Current.CancellationToken);

        (await Refused("CancelOperation", ApiClient.Named(arn), "InvalidStateException")).ShouldContain("revision 2 serves already");
    }

    [Fact]
    public async Task ListRevisions_Always_SaysWhatEachIs()
    {
        var arn = await _client.CreateRunning("revisions");
        for (var i = 0; i < 2; i++)
        {
            await _client.Call("StartDeployment", ApiClient.Named(arn));
            await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        }

        await _client.Call("StartDeployment", ApiClient.Named(arn));

        (await _client.Extension("ListRevisions", ApiClient.Named(arn)))["Revisions"]!.AsArray()
            .Select(revision => $"{revision!["Revision"]} {revision.Text("Status")} {revision.Text("ImageIdentifier")}")
            .ShouldBe(["4 DEPLOYING app:1", "3 ACTIVE app:1", "2 PREVIOUS app:1", "1 RETIRED app:1"]);
    }

    [Fact]
    public async Task DescribeInstances_Always_ShowsWhatTheReconcilerSees()
    {
        var arn = await _client.CreateRunning("instances");
        var start = new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
        host.Instances.ByService[ApiClient.Id(arn)] =
        [
            new ObservedInstance { Id = "b", Revision = 2, Phase = InstancePhase.Starting, StartedAt = start.AddSeconds(5) },
            new ObservedInstance { Id = "a", Revision = 1, Phase = InstancePhase.Running, StartedAt = start, Endpoint = "10.0.0.2:8080", Health = new HealthState { Status = HealthStatus.Healthy }, DrainingSince = start },
            new ObservedInstance { Id = "c", Revision = 1, Phase = InstancePhase.Exited, StartedAt = start.AddSeconds(9) },
        ];

        host.Instances.ContainersByInstance["c"] = [new EngineContainer("main", EngineContainerState.Exited, 3, false, null, start, start.AddSeconds(9))];

        (await _client.Extension("DescribeInstances", ApiClient.Named(arn)))["Instances"]!.ShouldBeJson(
            """
            [{"InstanceId":"a","Revision":1,"State":"DRAINING","Health":"HEALTHY","Endpoint":"10.0.0.2:8080","StartedAt":1795248000,"Containers":[]},
             {"InstanceId":"b","Revision":2,"State":"STARTING","Health":"UNKNOWN","StartedAt":1795248005,"Containers":[]},
             {"InstanceId":"c","Revision":1,"State":"EXITED","Health":"UNHEALTHY","StartedAt":1795248009,"Containers":[{"Name":"main","State":"EXITED","ExitCode":3}]}]
            """);
    }

    [Fact]
    public async Task DescribePlatform_Always_SaysWhereAndWhat()
    {
        var platform = await _client.Extension("DescribePlatform", []);

        platform.ShouldBeJson(
            """
            {"Version":"0.0.0-test","Region":"local-1","Account":"000000000000","Domain":"sanbashi.localhost","HttpUrl":"http://localhost:8080","HttpsUrl":"https://localhost:8443",
             "Engine":{"Name":"Docker Engine","Version":"20.10.24","ApiVersion":"1.41","Architecture":"amd64","Cpus":2,"MemoryBytes":8000000000},"Store":"the store in memory","GatewayCount":1}
            """);
    }

    [Fact]
    public async Task DescribePlatform_WithoutAnEngine_SaysWhy()
    {
        host.Engine.Failure = new EngineException(EngineFailure.Unreachable, "No answer from unix:///run/fake.sock.");
        try
        {
            (await _client.Extension("DescribePlatform", []))["Engine"].ShouldBeJson("""{"Problem":"No answer from unix:///run/fake.sock."}""");
        }
        finally
        {
            host.Engine.Failure = null;
        }
    }

    [Fact]
    public async Task DescribeImage_Known_SaysWhichPortsItExposes()
    {
        (await _client.Extension("DescribeImage", new JsonObject { ["ImageIdentifier"] = "app:1" })).ShouldBeJson(
            """{"ImageIdentifier":"app:1","ImageId":"sha256:1234","Architecture":"amd64","SizeBytes":1000,"ExposedPorts":[80,8443]}""");
    }

    [Theory]
    [InlineData(EngineFailure.ImageNotFound, "ResourceNotFoundException")]
    [InlineData(EngineFailure.ImageDenied, "InvalidRequestException")]
    [InlineData(EngineFailure.WrongArchitecture, "InvalidRequestException")]
    [InlineData(EngineFailure.Unreachable, "InternalServiceErrorException")]
    public async Task DescribeImage_ThatCannotBeHad_SaysWhy(EngineFailure failure, string code)
    {
        host.Engine.Failure = new EngineException(failure, "It cannot be had.");
        try
        {
            (await Refused("DescribeImage", new JsonObject { ["ImageIdentifier"] = "app:1" }, code)).ShouldBe("It cannot be had.");
        }
        finally
        {
            host.Engine.Failure = null;
        }
    }

    [Fact]
    public async Task Extensions_OnNothing_AreNotFound()
    {
        var arn = $"arn:aws:apprunner:{_client.Region}:000000000000:service/nobody/0123456789abcdef0123456789abcdef";
        foreach (var operation in new[] { "GetServiceSettings", "RollbackService", "CancelOperation", "ListRevisions", "DescribeInstances" })
        {
            await Refused(operation, ApiClient.Named(arn), "ResourceNotFoundException");
        }
    }

    private static IEnumerable<string> Settings(JsonObject answer) => answer["Settings"]!.AsArray()
        .Select(setting => $"{setting.Text("Name")}={setting.Text("Value")} {setting.Text("Source")} {setting.Text("AppliesBy")}");

    private async Task<string> Refused(string operation, JsonObject input, string code)
    {
        var error = await Should.ThrowAsync<ApiException>(() => _client.Extension(operation, input));
        error.Code.ShouldBe(code, error.Message);
        return error.Message;
    }
}
