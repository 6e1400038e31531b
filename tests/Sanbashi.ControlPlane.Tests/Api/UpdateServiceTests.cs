using System.Text.Json.Nodes;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class UpdateServiceTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly ApiClient _client = host.NewRegion();

    [Fact]
    public async Task Update_OnlyAPort_KeepsEverythingElse()
    {
        var input = ApiClient.NewService("partial");
        input["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"] =
            JsonNode.Parse("""{"Port":"3000","StartCommand":"serve","RuntimeEnvironmentVariables":{"A":"1"}}""");
        input["InstanceConfiguration"] = new JsonObject { ["Cpu"] = "2048", ["Memory"] = "4096" };
        var arn = await _client.Create(input);
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);

        var answer = await _client.Call("UpdateService", ApiClient.Named(arn, """{"SourceConfiguration":{"ImageRepository":{"ImageConfiguration":{"Port":"4000"}}}}"""));

        var service = answer["Service"]!;
        service.Text("Status").ShouldBe("OPERATION_IN_PROGRESS");
        service["SourceConfiguration"]!["ImageRepository"].ShouldBeJson(
            """{"ImageIdentifier":"app:1","ImageConfiguration":{"Port":"4000","StartCommand":"serve","RuntimeEnvironmentVariables":{"A":"1"}},"ImageRepositoryType":"ECR"}""");
        service["InstanceConfiguration"].ShouldBeJson("""{"Cpu":"2048","Memory":"4096"}""");
        var operation = await _client.Operation(answer.Text("OperationId"));
        operation.Type.ShouldBe(OperationType.UpdateService);
        operation.Revision.ShouldBe(2);
        var record = await _client.Service(arn);
        record.LastRevision.ShouldBe(2);
        record.ActiveRevision.ShouldBe(1);
        (await host.Documents.FindRevision(record, 2, TestContext.Current.CancellationToken))!.Record.Definition.Image.Port.ShouldBe(4000);
        (await host.Documents.FindRevision(record, 1, TestContext.Current.CancellationToken))!.Record.Definition.Image.Port.ShouldBe(3000);
    }

    [Fact]
    public async Task Update_EachMemberAlone_IsMerged()
    {
        var arn = await _client.CreateRunning("members");

        await Update(arn, """{"HealthCheckConfiguration":{"Interval":7}}""");
        await Update(arn, """{"HealthCheckConfiguration":{"Protocol":"HTTP"}}""");
        await Update(arn, """{"InstanceConfiguration":{"Memory":"3 GB"}}""");
        await Update(arn, """{"SourceConfiguration":{"AutoDeploymentsEnabled":true}}""");
        await Update(arn, """{"SourceConfiguration":{"ImageRepository":{"ImageIdentifier":"app:2"}}}""");
        await Update(arn, """{"SourceConfiguration":{"ImageRepository":{"ImageConfiguration":{"RuntimeEnvironmentVariables":{"A":"1"}}}}}""");
        await Update(arn, """{"SourceConfiguration":{"ImageRepository":{"ImageConfiguration":{"RuntimeEnvironmentVariables":{"B":"2"}}}}}""");
        await Update(arn, """{"NetworkConfiguration":{"IpAddressType":"DUAL_STACK"}}""");

        var service = (await _client.Call("DescribeService", ApiClient.Named(arn)))["Service"]!;
        service["HealthCheckConfiguration"].ShouldBeJson("""{"Protocol":"HTTP","Path":"/","Interval":7,"Timeout":2,"HealthyThreshold":1,"UnhealthyThreshold":5}""");
        service["InstanceConfiguration"].ShouldBeJson("""{"Cpu":"1024","Memory":"3072"}""");
        service["SourceConfiguration"].ShouldBeJson(
            """{"ImageRepository":{"ImageIdentifier":"app:2","ImageConfiguration":{"Port":"8080","RuntimeEnvironmentVariables":{"B":"2"}},"ImageRepositoryType":"ECR"},"AutoDeploymentsEnabled":true}""");
        service["NetworkConfiguration"]!.Text("IpAddressType").ShouldBe("DUAL_STACK");
    }

    [Fact]
    public async Task Update_AutoDeploymentsOn_SaysThatPushesAreNotWatched()
    {
        var arn = await _client.CreateRunning("auto");

        await Update(arn, """{"SourceConfiguration":{"AutoDeploymentsEnabled":true}}""");

        host.Log.Events(ApiClient.Id(arn)).ShouldHaveSingleItem().ShouldContain("does not watch registries");
    }

    [Fact]
    public async Task Update_Empty_BuildsAnew()
    {
        var arn = await _client.CreateRunning("empty");

        await Update(arn, "{}");

        (await _client.Service(arn)).LastRevision.ShouldBe(2);
    }

    [Fact]
    public async Task Update_FromImageToCode_IsRefused()
    {
        var arn = await _client.CreateRunning("to-code");

        (await _client.InvalidRequest("UpdateService", ApiClient.Named(arn, """{"SourceConfiguration":{"CodeRepository":{}}}"""))).Message
            .ShouldContain("CodeRepository");
        (await _client.Service(arn)).Status.ShouldBe(ServiceStatus.Running);
    }

    [Fact]
    public async Task Update_SizeThatNoLongerFits_IsRefused()
    {
        var arn = await _client.CreateRunning("unfit");

        (await _client.InvalidRequest("UpdateService", ApiClient.Named(arn, """{"InstanceConfiguration":{"Cpu":"4096"}}"""))).Message.ShouldContain("cannot be combined with Memory 2048");
    }

    [Fact]
    public async Task Update_AfterCreateFailed_IsTheWayToRebuild()
    {
        var arn = await _client.Create(ApiClient.NewService("rebuild"));
        await _client.Finish(arn, OperationStatus.Failed, ServiceStatus.CreateFailed);

        var answer = await _client.Call("UpdateService", ApiClient.Named(arn));

        (await _client.Operation(answer.Text("OperationId"))).Revision.ShouldBe(2);
    }

    [Fact]
    public async Task Update_WhilePausedOrBusy_IsAnInvalidState()
    {
        var arn = await _client.CreateRunning("states");
        await _client.Call("PauseService", ApiClient.Named(arn));

        (await _client.InvalidState("UpdateService", ApiClient.Named(arn))).Message.ShouldContain("is in OPERATION_IN_PROGRESS state");
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Paused);
        (await _client.InvalidState("UpdateService", ApiClient.Named(arn))).Message.ShouldContain("is in PAUSED state");
    }

    [Fact]
    public async Task Update_TwiceAtTheSameTime_StartsOneOperation()
    {
        var arn = await _client.CreateRunning("twice");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                await _client.Call("UpdateService", ApiClient.Named(arn));
                return "started";
            }
            catch (Wire.ApiException refused)
            {
                return refused.Code;
            }
        }));

        outcomes.Count(outcome => outcome == "started").ShouldBe(1);
        outcomes.Count(outcome => outcome == "InvalidStateException").ShouldBe(5);
    }

    [Fact]
    public async Task Update_ManyTimes_KeepsTheLastRevisionsAndThoseThatServe()
    {
        var arn = await _client.CreateRunning("many");

        // Deployments that fail leave the first revision active.
        for (var i = 0; i < 30; i++)
        {
            await _client.Call("UpdateService", ApiClient.Named(arn));
            await _client.Finish(arn, OperationStatus.RollbackSucceeded, ServiceStatus.Running);
        }

        var service = await _client.Service(arn);
        var numbers = (await host.Documents.ListRevisions(service, TestContext.Current.CancellationToken)).Select(revision => revision.Record.Number).ToList();
        numbers.ShouldContain(1);
        numbers.Count.ShouldBeInRange(20, 23);
        numbers[0].ShouldBe(31);
    }

    private async Task Update(string arn, string members)
    {
        await _client.Call("UpdateService", ApiClient.Named(arn, members));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
    }
}
