using System.Text.Json.Nodes;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class TagTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly ApiClient _client = host.NewRegion();

    [Fact]
    public async Task Tags_OfAService_AreAddedOverwrittenAndRemoved()
    {
        var input = ApiClient.NewService("tagged");
        input["Tags"] = JsonNode.Parse("""[{"Key":"team","Value":"a"},{"Key":"empty"}]""");
        var arn = await _client.Create(input);

        await Tag(arn, ("team", "b"), ("stage", "prod"));
        await _client.Call("UntagResource", new JsonObject { ["ResourceArn"] = arn, ["TagKeys"] = new JsonArray("empty", "never-there") });

        (await Tags(arn)).ShouldBe(["stage=prod", "team=b"]);
    }

    [Fact]
    public async Task Tags_OfAnAutoScalingConfiguration_AreItsOwnAndNoSettings()
    {
        var arn = (await _client.Call("CreateAutoScalingConfiguration", new JsonObject
        {
            ["AutoScalingConfigurationName"] = "tagged",
            ["Tags"] = JsonNode.Parse("""[{"Key":"team","Value":"a"}]"""),
        }))["AutoScalingConfiguration"]!.Text("AutoScalingConfigurationArn");

        await Tag(arn, ("sanbashi:anything", "goes"));

        (await Tags(arn)).ShouldBe(["sanbashi:anything=goes", "team=a"]);
        await _client.Call("UntagResource", new JsonObject { ["ResourceArn"] = arn, ["TagKeys"] = new JsonArray("team") });
        (await Tags(arn)).ShouldBe(["sanbashi:anything=goes"]);
    }

    [Fact]
    public async Task Tag_WhileAnOperationRuns_IsAllowed()
    {
        var arn = await _client.Create(ApiClient.NewService("busy"));

        await Tag(arn, ("team", "a"));

        (await Tags(arn)).ShouldBe(["team=a"]);
        (await _client.Service(arn)).Status.ShouldBe(ServiceStatus.OperationInProgress);
    }

    [Theory]
    [InlineData("""[{"Key":"aws:x","Value":"1"}]""", "Tags")]
    [InlineData("""[{"Key":"a","Value":"1"},{"Key":"a","Value":"2"}]""", "given twice")]
    [InlineData("""[{"Value":"1"}]""", "no Key")]
    public async Task Tags_ThatCannotBe_AreRefused(string tags, string reason)
    {
        var arn = await _client.CreateRunning("refuses");
        var input = new JsonObject { ["ResourceArn"] = arn, ["Tags"] = JsonNode.Parse(tags) };

        (await _client.InvalidRequest("TagResource", input)).Message.ShouldContain(reason, Case.Insensitive);
        var service = ApiClient.NewService("refused");
        service["Tags"] = JsonNode.Parse(tags);
        await _client.InvalidRequest("CreateService", service);
    }

    [Fact]
    public async Task Tags_BeyondFifty_AreRefused()
    {
        var arn = await _client.CreateRunning("fifty");
        await Tag(arn, [.. Enumerable.Range(0, 50).Select(i => ($"k{i}", "v"))]);

        await Tag(arn, ("k0", "other"));
        (await _client.InvalidRequest("TagResource", new JsonObject { ["ResourceArn"] = arn, ["Tags"] = JsonNode.Parse("""[{"Key":"k50","Value":""}]""") })).Message
            .ShouldContain("at most 50");
    }

    [Theory]
    [InlineData("service/nobody/0123456789abcdef0123456789abcdef")]
    [InlineData("autoscalingconfiguration/nobody")]
    [InlineData("connection/nobody/0123456789abcdef0123456789abcdef")]
    public async Task Tags_OfNothing_AreNotFound(string path)
    {
        var arn = $"arn:aws:apprunner:{_client.Region}:000000000000:{path}";

        await _client.NotFound("ListTagsForResource", new JsonObject { ["ResourceArn"] = arn });
        await _client.NotFound("TagResource", new JsonObject { ["ResourceArn"] = arn, ["Tags"] = new JsonArray() });
        await _client.NotFound("UntagResource", new JsonObject { ["ResourceArn"] = arn, ["TagKeys"] = new JsonArray("a") });
    }

    [Fact]
    public async Task Tag_LiveSetting_IsWrittenWithoutAnOperation()
    {
        var arn = await _client.CreateRunning("live");
        var signalled = host.Reconcilers.Signalled.Count;

        await Tag(arn, ("sanbashi:request-timeout", "15m"));

        (await _client.Service(arn)).ShouldSatisfyAllConditions(
            service => service.Status.ShouldBe(ServiceStatus.Running), service => service.LastRevision.ShouldBe(1));
        host.Reconcilers.Signalled.Skip(signalled).ShouldContain(ApiClient.Id(arn));
    }

    [Fact]
    public async Task Tag_DeploymentSettingOnARunningService_StartsAListedUpdate()
    {
        var arn = await _client.CreateRunning("deploys");

        await Tag(arn, ("sanbashi:stop-timeout", "2m"), ("sanbashi:volume", "data:/data"));

        var service = await _client.Service(arn);
        service.Status.ShouldBe(ServiceStatus.OperationInProgress);
        (await _client.Call("ListOperations", ApiClient.Named(arn)))["OperationSummaryList"]![0].Text("Type").ShouldBe("UPDATE_SERVICE");
        var revision = (await host.Documents.FindRevision(service, 2, TestContext.Current.CancellationToken))!.Record;
        revision.Settings.StopTimeout.ShouldBe(TimeSpan.FromMinutes(2));
        revision.Settings.Volumes.ShouldHaveSingleItem().Target.ShouldBe("/data");
        revision.Definition.ShouldBeEquivalentTo(service.Definition);
    }

    [Fact]
    public async Task Tag_SameValueInOtherWords_StartsNothing()
    {
        var arn = await _client.CreateRunning("same");

        await Tag(arn, ("sanbashi:stop-timeout", "30s"));
        await Tag(arn, ("sanbashi:stop-timeout", "30"));

        (await _client.Service(arn)).LastRevision.ShouldBe(1);
    }

    [Fact]
    public async Task Untag_DeploymentSetting_GoesBackByAnUpdate()
    {
        var arn = await _client.CreateRunning("back");
        await Tag(arn, ("sanbashi:protocol", "grpc"));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);

        await _client.Call("UntagResource", new JsonObject { ["ResourceArn"] = arn, ["TagKeys"] = new JsonArray("sanbashi:protocol") });

        (await host.Documents.FindRevision(await _client.Service(arn), 3, TestContext.Current.CancellationToken))!.Record.Settings.Protocol
            .ShouldBe(Domain.Routing.InstanceProtocol.Http1);
    }

    [Fact]
    public async Task Tag_DeploymentSettingWhileBusy_IsAnInvalidState()
    {
        var arn = await _client.Create(ApiClient.NewService("busy-setting"));

        (await _client.InvalidState("TagResource", TagInput(arn, ("sanbashi:protocol", "http2")))).Message.ShouldContain("OPERATION_IN_PROGRESS");
        await Tag(arn, ("sanbashi:drain-timeout", "1m"));
    }

    [Fact]
    public async Task Tag_DeploymentSettingWhilePaused_WaitsForTheNextDeployment()
    {
        var arn = await _client.CreateRunning("paused-setting");
        await _client.Call("PauseService", ApiClient.Named(arn));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Paused);

        await Tag(arn, ("sanbashi:protocol", "http2"));

        (await _client.Service(arn)).Status.ShouldBe(ServiceStatus.Paused);
    }

    [Theory]
    [InlineData("sanbashi:reqest-timeout", "1m", "Did you mean request-timeout?")]
    [InlineData("sanbashi:colour", "blue", "Known settings: request-timeout, drain-timeout, start-timeout, stop-timeout, protocol, volume, secrets-as, allowed-sources, basic-auth, rate-limit, sticky, traffic, hosts, path")]
    [InlineData("sanbashi:request-timeout", "forever", "it is not a duration")]
    [InlineData("sanbashi:request-timeout", "25h", "it is above 24h")]
    [InlineData("sanbashi:request-timeout", "", "it is not a duration")]
    [InlineData("sanbashi:volume", "/etc:/etc", "host folder '/etc', which is not allowed here. Allowed are folders below /srv/shared")]
    public async Task Tag_SettingThatCannotBe_IsRefusedWithWhatCan(string key, string value, string reason)
    {
        var arn = await _client.CreateRunning("settings");

        (await _client.InvalidRequest("TagResource", TagInput(arn, (key, value)))).Message.ShouldContain(reason);
        var service = ApiClient.NewService("settings-new");
        service["Tags"] = new JsonArray(new JsonObject { ["Key"] = key, ["Value"] = value });
        (await _client.InvalidRequest("CreateService", service)).Message.ShouldContain(reason);
        (await Tags(arn)).ShouldBeEmpty();
    }

    private static JsonObject TagInput(string arn, params (string Key, string Value)[] tags) => new()
    {
        ["ResourceArn"] = arn,
        ["Tags"] = new JsonArray([.. tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]),
    };

    private async Task Tag(string arn, params (string Key, string Value)[] tags) =>
        (await _client.Call("TagResource", TagInput(arn, tags))).Count.ShouldBe(0);

    private async Task<IEnumerable<string>> Tags(string arn) =>
        (await _client.Call("ListTagsForResource", new JsonObject { ["ResourceArn"] = arn }))["Tags"]!.AsArray()
        .Select(tag => $"{tag.Text("Key")}={tag.Text("Value")}")
        .Order(StringComparer.Ordinal);
}
