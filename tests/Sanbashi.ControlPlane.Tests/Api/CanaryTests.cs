using System.Net;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Api;

/// <summary>Revision 1 is of app:1 and active, the canary, revision 2, of app:2.</summary>
public sealed class CanaryTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly ApiClient _client = host.NewRegion();
    private readonly CancellationToken _cancelled = TestContext.Current.CancellationToken;

    [Fact]
    public async Task PromoteService_OfACanary_IsAnUpdateThatBringsItLive()
    {
        var arn = await WithCanary("promote");

        var answer = await _client.Extension("PromoteService", ApiClient.Named(arn));

        answer["Service"]!.Text("Status").ShouldBe("OPERATION_IN_PROGRESS");
        ImageOf(answer).ShouldBe("app:2");
        var operation = await _client.Operation(answer.Text("OperationId"));
        operation.ShouldSatisfyAllConditions(
            begun => begun.Type.ShouldBe(OperationType.UpdateService), begun => begun.Revision.ShouldBe(2), begun => begun.IsPromotion.ShouldBeTrue());
        (await Refused("PromoteService", arn, "InvalidStateException")).ShouldContain("OPERATION_IN_PROGRESS");
        (await _client.Extension("CancelOperation", ApiClient.Named(arn))).Text("OperationId").ShouldBe(operation.Id);
    }

    [Fact]
    public async Task PromoteService_WithoutACanary_IsRefusedWithWhatToDo()
    {
        var arn = await _client.CreateRunning("no-canary");

        (await Refused("PromoteService", arn, "InvalidStateException")).ShouldContain("traffic below 100%");
    }

    [Fact]
    public async Task RollbackService_OfACanary_TakesItBack_AndLeavesWhatServes()
    {
        var arn = await WithCanary("take-back");

        var answer = await _client.Extension("RollbackService", ApiClient.Named(arn));

        ImageOf(answer).ShouldBe("app:1");
        (await _client.Service(arn)).ShouldSatisfyAllConditions(service => service.CanaryRevision.ShouldBeNull(), service => service.ActiveRevision.ShouldBe(1));
        var operation = await _client.Operation(answer.Text("OperationId"));
        operation.ShouldSatisfyAllConditions(begun => begun.TakesBack.ShouldBe(2), begun => begun.Revision.ShouldBeNull(), begun => begun.IsRollback.ShouldBeTrue());
        (await Refused("CancelOperation", arn, "InvalidStateException")).ShouldContain("taking the canary, revision 2, back");
    }

    [Fact]
    public async Task UpdateService_DuringACanary_IsPossible_AndKeepsIt()
    {
        var arn = await WithCanary("update");

        var answer = await _client.Call("UpdateService", ApiClient.Named(arn, """{"SourceConfiguration":{"ImageRepository":{"ImageIdentifier":"app:3"}}}"""));

        (await _client.Operation(answer.Text("OperationId"))).Revision.ShouldBe(3);
        (await _client.Service(arn)).CanaryRevision.ShouldBe(2);
        (await Statuses(arn)).ShouldBe(["3 DEPLOYING", "2 CANARY 10", "1 ACTIVE 90"]);
    }

    [Fact]
    public async Task Share_IsChangedAtOnce_AndToAllByAPromotion()
    {
        var arn = await WithCanary("share");

        (await Put(arn, "new=25%")).ContainsKey("OperationId").ShouldBeFalse();
        (await Statuses(arn)).ShouldBe(["2 CANARY 25", "1 ACTIVE 75"]);

        var promoted = await Put(arn, "new=100%");
        (await _client.Operation(promoted.Text("OperationId"))).IsPromotion.ShouldBeTrue();
    }

    [Fact]
    public async Task Share_OfAll_DuringAnOperation_IsRefused_AndOthersAreNot()
    {
        var arn = await WithCanary("share-busy");
        await _client.Call("StartDeployment", ApiClient.Named(arn));

        (await Put(arn, "new=5%")).ContainsKey("OperationId").ShouldBeFalse();
        var refused = await Should.ThrowAsync<ApiException>(() => Put(arn, "new=100%"));
        refused.Code.ShouldBe("InvalidStateException");
        refused.Message.ShouldContain("promotes its canary");
    }

    [Fact]
    public async Task Share_OfAll_OnAPausedService_IsWhatAResumeBringsUp()
    {
        var arn = await WithCanary("share-paused");
        await _client.Call("PauseService", ApiClient.Named(arn));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Paused);

        await Put(arn, "new=100%");

        (await _client.Service(arn)).ShouldSatisfyAllConditions(
            service => service.ActiveRevision.ShouldBe(2), service => service.PreviousRevision.ShouldBe(1), service => service.CanaryRevision.ShouldBeNull());
        var resumed = await _client.Call("ResumeService", ApiClient.Named(arn));
        (await _client.Operation(resumed.Text("OperationId"))).Revision.ShouldBe(2);
    }

    [Fact]
    public async Task ResumeService_WithChangedSettings_BringsTheServingRevisionUp_NotTheCanary()
    {
        var arn = await WithCanary("resume");
        await _client.Call("PauseService", ApiClient.Named(arn));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Paused);
        await _client.Extension("PutServiceSettings", ApiClient.Named(arn, """{"Settings":{"stop-timeout":"1m"}}"""));

        await _client.Call("ResumeService", ApiClient.Named(arn));

        var service = await _client.Service(arn);
        var revision = (await host.Documents.FindRevision(service, 3, _cancelled))!.Record;
        revision.ShouldSatisfyAllConditions(made => made.Definition.Image.Identifier.ShouldBe("app:1"), made => made.ImageOf.ShouldBe(1));
        service.Definition.Image.Identifier.ShouldBe("app:2", "Describe goes on showing the canary");
    }

    [Fact]
    public async Task StatusPage_ShowsTheCanary()
    {
        await WithCanary("page");

        var page = WebUtility.HtmlDecode(await host.Http.GetStringAsync(host.Endpoint, _cancelled));

        page.ShouldContain("canary: revision 2 takes 10%");
    }

    private async Task<string> WithCanary(string name)
    {
        var arn = await _client.CreateRunning(name);
        await Put(arn, "new=10%");
        await _client.Call("UpdateService", ApiClient.Named(arn, """{"SourceConfiguration":{"ImageRepository":{"ImageIdentifier":"app:2"}}}"""));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        var stored = await _client.Stored(arn);
        var canary = stored.Record with { ActiveRevision = 1, PreviousRevision = null, CanaryRevision = 2, CanarySince = stored.Record.UpdatedAt };
        await host.Documents.Store.Commit([ServiceDocuments.Write(canary, stored.Version)], _cancelled);
        return arn;
    }

    private Task<JsonObject> Put(string arn, string share) => _client.Extension("PutServiceSettings", ApiClient.Named(arn, $$$"""{"Settings":{"traffic":"{{{share}}}"}}"""));

    private async Task<string> Refused(string operation, string arn, string code)
    {
        var refused = await Should.ThrowAsync<ApiException>(() => _client.Extension(operation, ApiClient.Named(arn)));
        refused.Code.ShouldBe(code);
        return refused.Message;
    }

    private async Task<List<string>> Statuses(string arn) =>
        [.. (await _client.Extension("ListRevisions", ApiClient.Named(arn)))["Revisions"]!.AsArray().Select(revision => $"{revision!["Revision"]} {revision["Status"]} {revision["TrafficPercent"]}".Trim())];

    private static string ImageOf(JsonObject answer) => answer["Service"]!["SourceConfiguration"]!["ImageRepository"]!.Text("ImageIdentifier");
}
