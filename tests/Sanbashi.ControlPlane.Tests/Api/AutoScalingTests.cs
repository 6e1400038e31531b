using System.Text.Json.Nodes;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class AutoScalingTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string BuiltInId = "00000000000000000000000000000001";
    private readonly ApiClient _client = host.NewRegion();

    private string Prefix => $"arn:aws:apprunner:{_client.Region}:000000000000:autoscalingconfiguration/";

    [Fact]
    public async Task List_InAFreshRegion_HasTheBuiltInOne()
    {
        var list = (await _client.Call("ListAutoScalingConfigurations"))["AutoScalingConfigurationSummaryList"]!.AsArray();

        var summary = list.ShouldHaveSingleItem()!.AsObject();
        summary.Remove("CreatedAt").ShouldBeTrue();
        summary.ShouldBeJson(
            $$"""{"AutoScalingConfigurationArn":"{{Prefix}}DefaultConfiguration/1/{{BuiltInId}}","AutoScalingConfigurationName":"DefaultConfiguration","AutoScalingConfigurationRevision":1,"Status":"active","HasAssociatedService":false,"IsDefault":true}""");
    }

    [Fact]
    public async Task Create_Defaults_AreThoseOfTheBuiltInOne()
    {
        var created = (await _client.Call("CreateAutoScalingConfiguration", Named("high")))["AutoScalingConfiguration"]!.AsObject();

        var arn = created.Text("AutoScalingConfigurationArn");
        arn.ShouldMatch($@"\A{Prefix}high/1/[0-9a-f]{{32}}\z");
        created.Remove("CreatedAt").ShouldBeTrue();
        created.ShouldBeJson(
            $$"""{"AutoScalingConfigurationArn":"{{arn}}","AutoScalingConfigurationName":"high","AutoScalingConfigurationRevision":1,"Latest":true,"Status":"active","MaxConcurrency":100,"MinSize":1,"MaxSize":25,"HasAssociatedService":false,"IsDefault":false}""");
    }

    [Fact]
    public async Task Create_SameNameAgain_MakesTheNextRevisionAndTakesLatest()
    {
        await Create("steps", """{"MaxConcurrency":10,"MinSize":2,"MaxSize":4}""");
        var second = await Create("steps", """{"MaxConcurrency":20}""");

        second["AutoScalingConfigurationRevision"]!.GetValue<int>().ShouldBe(2);
        (await Describe($"{Prefix}steps/1"))["Latest"]!.GetValue<bool>().ShouldBeFalse();
        var latest = await Describe($"{Prefix}steps");
        latest["AutoScalingConfigurationRevision"]!.GetValue<int>().ShouldBe(2);
        latest["Latest"]!.GetValue<bool>().ShouldBeTrue();
        (await List("""{"AutoScalingConfigurationName":"steps"}""")).ShouldBe(["steps/2"]);
        (await List("""{"AutoScalingConfigurationName":"steps","LatestOnly":false}""")).ShouldBe(["steps/1", "steps/2"]);
    }

    [Fact]
    public async Task Create_SameNameAtTheSameTime_GivesEachItsOwnRevision()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Create("crowd", "{}")));

        created.Select(configuration => configuration["AutoScalingConfigurationRevision"]!.GetValue<int>()).Order().ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Create_OfTheBuiltInName_IsAllowed()
    {
        (await Create("DefaultConfiguration", "{}"))["AutoScalingConfigurationRevision"]!.GetValue<int>().ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"MinSize":5,"MaxSize":4}""", "MaxSize 4 is below MinSize 5")]
    [InlineData("""{"MinSize":0}""", "minSize")]
    [InlineData("""{"MinSize":26}""", "minSize")]
    [InlineData("""{"MaxConcurrency":201}""", "maxConcurrency")]
    [InlineData("""{"MaxSize":0}""", "maxSize")]
    public async Task Create_NumbersOutOfRange_AreRefused(string members, string reason)
    {
        (await _client.InvalidRequest("CreateAutoScalingConfiguration", Named("range", members))).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task Create_BeyondTheQuotas_IsRefused()
    {
        for (var i = 0; i < 4; i++)
        {
            await Create("revisions", "{}");
        }

        (await _client.Refused("CreateAutoScalingConfiguration", Named("revisions"), "ServiceQuotaExceededException")).Message.ShouldContain("4 active revisions");
        for (var i = 0; i < 4; i++)
        {
            await Create($"name-{i}", "{}");
        }

        (await _client.Refused("CreateAutoScalingConfiguration", Named("name-5"), "ServiceQuotaExceededException")).Message.ShouldContain("the quota is 6");
    }

    [Fact]
    public async Task Delete_ARevision_LeavesItDescribableAsInactive()
    {
        var first = (await Create("gone", "{}")).Text("AutoScalingConfigurationArn");
        await Create("gone", "{}");

        var deleted = (await Delete($"{Prefix}gone/2"))["AutoScalingConfiguration"]!;

        deleted.Text("Status").ShouldBe("inactive");
        deleted["Latest"]!.GetValue<bool>().ShouldBeFalse();
        deleted["DeletedAt"].ShouldNotBeNull();
        (await Describe($"{Prefix}gone/2")).Text("Status").ShouldBe("inactive");
        (await Describe($"{Prefix}gone")).Text("AutoScalingConfigurationArn").ShouldBe(first);
        (await Describe(first))["Latest"]!.GetValue<bool>().ShouldBeTrue();
        (await List("""{"LatestOnly":false}""")).ShouldBe(["DefaultConfiguration/1", "gone/1"]);
    }

    [Fact]
    public async Task Delete_Again_SaysTheTextThatTerraformTakesAsGone()
    {
        var arn = (await Create("twice", "{}")).Text("AutoScalingConfigurationArn");
        await Delete(arn);

        (await _client.InvalidRequest("DeleteAutoScalingConfiguration", At(arn))).Message.ShouldContain("The auto scaling configuration you specified has been deleted");
        (await _client.InvalidRequest("UpdateDefaultAutoScalingConfiguration", At(arn))).Message.ShouldContain("The auto scaling configuration you specified has been deleted");
        (await _client.InvalidRequest("CreateService", Using(arn))).Message.ShouldContain("The auto scaling configuration you specified has been deleted");
    }

    [Fact]
    public async Task Create_AfterAllRevisionsWereDeleted_StartsAtOneAgain()
    {
        await Create("anew", "{}");
        await Create("anew", "{}");
        await Delete($"{Prefix}anew/1");
        (await Create("anew", "{}"))["AutoScalingConfigurationRevision"]!.GetValue<int>().ShouldBe(3);
        await Delete($"{Prefix}anew/2");
        await Delete($"{Prefix}anew");

        (await Create("anew", "{}"))["AutoScalingConfigurationRevision"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task DeleteAllRevisions_ByName_AnswersTheNameOnly()
    {
        await Create("allof", "{}");
        await Create("allof", "{}");

        var answer = await _client.Call("DeleteAutoScalingConfiguration", At($"{Prefix}allof", """{"DeleteAllRevisions":true}"""));

        answer["AutoScalingConfiguration"].ShouldBeJson(
            $$"""{"AutoScalingConfigurationArn":"{{Prefix}}allof","AutoScalingConfigurationName":"allof","Status":"inactive"}""");
        (await List("""{"LatestOnly":false}""")).ShouldBe(["DefaultConfiguration/1"]);
    }

    [Fact]
    public async Task DeleteAllRevisions_WithARevision_IsRefused()
    {
        var arn = (await Create("partial", "{}")).Text("AutoScalingConfigurationArn");

        (await _client.InvalidRequest("DeleteAutoScalingConfiguration", At(arn, """{"DeleteAllRevisions":true}"""))).Message.ShouldContain($"{Prefix}partial");
    }

    [Fact]
    public async Task Delete_TheDefaultOne_IsRefused()
    {
        (await _client.InvalidRequest("DeleteAutoScalingConfiguration", At($"{Prefix}DefaultConfiguration"))).Message.ShouldContain("it is the default one");
    }

    [Fact]
    public async Task Delete_OneInUse_IsRefusedUntilTheServiceIsGone()
    {
        var arn = (await Create("used", "{}")).Text("AutoScalingConfigurationArn");
        var service = await _client.Create(Using(arn, "user-one"));

        (await Describe(arn))["HasAssociatedService"]!.GetValue<bool>().ShouldBeTrue();
        (await _client.InvalidRequest("DeleteAutoScalingConfiguration", At(arn))).Message.ShouldContain("1 service(s) use it: user-one");
        (await _client.InvalidRequest("DeleteAutoScalingConfiguration", At($"{Prefix}used", """{"DeleteAllRevisions":true}"""))).Message.ShouldContain("use it");
        await _client.Finish(service, OperationStatus.Succeeded, ServiceStatus.Running);
        await _client.Call("DeleteService", ApiClient.Named(service));
        await _client.Finish(service, OperationStatus.Succeeded, ServiceStatus.Deleted);
        await Delete(arn);
    }

    [Fact]
    public async Task Delete_OfWhatAnUpdateMayGoBackTo_IsRefused()
    {
        var old = (await Create("old-one", "{}")).Text("AutoScalingConfigurationArn");
        var next = (await Create("next-one", """{"MinSize":2}""")).Text("AutoScalingConfigurationArn");
        var service = await _client.Create(Using(old, "moving"));
        await _client.Finish(service, OperationStatus.Succeeded, ServiceStatus.Running);
        var input = ApiClient.Named(service);
        input["AutoScalingConfigurationArn"] = next;
        await _client.Call("UpdateService", input);

        (await _client.InvalidRequest("DeleteAutoScalingConfiguration", At(old))).Message.ShouldContain("use it: moving");
        (await _client.InvalidRequest("DeleteAutoScalingConfiguration", At(next))).Message.ShouldContain("use it: moving");
        await _client.Finish(service, OperationStatus.Succeeded, ServiceStatus.Running);
        await Delete(old);
        var revision = await host.Documents.FindRevision(await _client.Service(service), 2, TestContext.Current.CancellationToken);
        revision!.Record.Scaling.MinSize.ShouldBe(2);
    }

    [Theory]
    [InlineData("{prefix}named")]
    [InlineData("{prefix}named/2")]
    public async Task Service_WithAPartialArn_GetsTheFullOne(string form)
    {
        await Create("named", "{}");
        var second = (await Create("named", "{}")).Text("AutoScalingConfigurationArn");

        var service = (await _client.Call("CreateService", Using(form.Replace("{prefix}", Prefix), "partial-arn")))["Service"]!;

        service["AutoScalingConfigurationSummary"]!.Text("AutoScalingConfigurationArn").ShouldBe(second);
    }

    [Fact]
    public async Task Service_WithAnUnknownConfiguration_IsAnInvalidRequest()
    {
        (await _client.InvalidRequest("CreateService", Using($"{Prefix}nobody"))).Message.ShouldContain("doesn't exist");
        (await _client.InvalidRequest("CreateService", Using("arn:aws:apprunner:elsewhere-1:000000000000:autoscalingconfiguration/DefaultConfiguration"))).Message.ShouldContain("doesn't exist");
    }

    [Fact]
    public async Task UpdateDefault_MovesTheFlagAndCountsForNewServices()
    {
        var arn = (await Create("standard", """{"MaxConcurrency":7}""")).Text("AutoScalingConfigurationArn");

        var chosen = (await _client.Call("UpdateDefaultAutoScalingConfiguration", At($"{Prefix}standard")))["AutoScalingConfiguration"]!;

        chosen["IsDefault"]!.GetValue<bool>().ShouldBeTrue();
        (await Describe($"{Prefix}DefaultConfiguration"))["IsDefault"]!.GetValue<bool>().ShouldBeFalse();
        var service = (await _client.Call("CreateService", ApiClient.NewService("defaulted")))["Service"]!;
        service["AutoScalingConfigurationSummary"]!.Text("AutoScalingConfigurationArn").ShouldBe(arn);
        await _client.InvalidRequest("DeleteAutoScalingConfiguration", At(arn));
        await Delete($"{Prefix}DefaultConfiguration/1/{BuiltInId}");
        (await List("{}")).ShouldBe(["standard/1"]);
        (await Create("DefaultConfiguration", "{}"))["AutoScalingConfigurationRevision"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task ListServices_ForAConfiguration_NamesThoseThatUseIt()
    {
        var arn = (await Create("shared", "{}")).Text("AutoScalingConfigurationArn");
        var first = await _client.Create(Using(arn, "shares-1"));
        var second = await _client.Create(Using(arn, "shares-2"));
        await _client.Create(ApiClient.NewService("shares-not"));

        var page = await _client.Call("ListServicesForAutoScalingConfiguration", At($"{Prefix}shared", """{"MaxResults":1}"""));
        var rest = await _client.Call("ListServicesForAutoScalingConfiguration", At($"{Prefix}shared", $$"""{"MaxResults":1,"NextToken":"{{page.Text("NextToken")}}"}"""));

        page["ServiceArnList"]!.AsArray().Concat(rest["ServiceArnList"]!.AsArray()).Select(item => item!.GetValue<string>()).ShouldBe([first, second]);
        rest.ContainsKey("NextToken").ShouldBeFalse();
    }

    [Theory]
    [InlineData("{prefix}nobody")]
    [InlineData("{prefix}DefaultConfiguration/2")]
    [InlineData("{prefix}DefaultConfiguration/1/00000000000000000000000000000002")]
    [InlineData("arn:aws:apprunner:elsewhere-1:000000000000:autoscalingconfiguration/DefaultConfiguration")]
    public async Task Arn_ThatNamesNothingHere_IsNotFound(string form)
    {
        var input = At(form.Replace("{prefix}", Prefix));
        foreach (var operation in new[] { "DescribeAutoScalingConfiguration", "DeleteAutoScalingConfiguration", "UpdateDefaultAutoScalingConfiguration", "ListServicesForAutoScalingConfiguration" })
        {
            await _client.NotFound(operation, input);
        }
    }

    [Theory]
    [InlineData("autoscalingconfiguration/name/one")]
    [InlineData("autoscalingconfiguration/name/0")]
    [InlineData("autoscalingconfiguration/name/1/2/3")]
    [InlineData("service/name/1")]
    public async Task Arn_OfTheWrongForm_IsAnInvalidRequest(string path)
    {
        await _client.InvalidRequest("DescribeAutoScalingConfiguration", At($"arn:aws:apprunner:{_client.Region}:000000000000:{path}"));
    }

    [Fact]
    public async Task Deleted_AfterAnHour_AreForgottenWithTheNextCreate()
    {
        var arn = (await Create("fading", "{}")).Text("AutoScalingConfigurationArn");
        await Delete(arn);
        host.Time.Advance(TimeSpan.FromMinutes(61));
        await Create("another", "{}");

        await _client.NotFound("DescribeAutoScalingConfiguration", At(arn));
    }

    private static JsonObject Named(string name, string members = "{}")
    {
        var input = JsonNode.Parse(members)!.AsObject();
        input["AutoScalingConfigurationName"] = name;
        return input;
    }

    private static JsonObject At(string arn, string members = "{}")
    {
        var input = JsonNode.Parse(members)!.AsObject();
        input["AutoScalingConfigurationArn"] = arn;
        return input;
    }

    private static JsonObject Using(string arn, string name = "uses-it")
    {
        var input = ApiClient.NewService(name);
        input["AutoScalingConfigurationArn"] = arn;
        return input;
    }

    private async Task<JsonObject> Create(string name, string members) =>
        (await _client.Call("CreateAutoScalingConfiguration", Named(name, members)))["AutoScalingConfiguration"]!.AsObject();

    private async Task<JsonObject> Describe(string arn) =>
        (await _client.Call("DescribeAutoScalingConfiguration", At(arn)))["AutoScalingConfiguration"]!.AsObject();

    private Task<JsonObject> Delete(string arn) => _client.Call("DeleteAutoScalingConfiguration", At(arn));

    /// <summary>Names and revisions, in the order of the answer.</summary>
    private async Task<IEnumerable<string>> List(string members) =>
        (await _client.Call("ListAutoScalingConfigurations", JsonNode.Parse(members)!.AsObject()))["AutoScalingConfigurationSummaryList"]!.AsArray()
        .Select(item => $"{item.Text("AutoScalingConfigurationName")}/{item!["AutoScalingConfigurationRevision"]}");
}
