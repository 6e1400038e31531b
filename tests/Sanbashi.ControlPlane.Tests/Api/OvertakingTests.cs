using System.Text.Json.Nodes;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Api;

/// <summary>Two calls at once: the second one is written between the first one's check and its commit.</summary>
public sealed class OvertakingTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly ApiClient _client = host.NewRegion();

    [Fact]
    public async Task CreateService_OvertakenByOneOfTheSameName_IsRefused()
    {
        await _client.Call("ListAutoScalingConfigurations");
        host.Store.BeforeNextCommit(() => _client.Create(ApiClient.NewService("taken")));

        (await _client.InvalidRequest("CreateService", ApiClient.NewService("taken"))).Message.ShouldBe("Service with the provided name already exists: taken.");
    }

    [Fact]
    public async Task CreateService_OvertakenByItsHostName_TakesAnother()
    {
        var other = host.NewRegion();
        await _client.Call("ListAutoScalingConfigurations");
        await other.Call("ListAutoScalingConfigurations");
        host.Store.BeforeNextCommit(() => other.Create(ApiClient.NewService("shared-host")));

        var service = await _client.Service(await _client.Create(ApiClient.NewService("shared-host")));

        service.HostLabel.ShouldBe($"shared-host-{service.Id[..6]}");
        service.LastRevision.ShouldBe(1);
    }

    [Fact]
    public async Task CreateService_OvertakenByTheDeletionOfItsConfiguration_IsRefused()
    {
        var arn = await Configuration("vanishing");
        host.Store.BeforeNextCommit(() => _client.Call("DeleteAutoScalingConfiguration", new JsonObject { ["AutoScalingConfigurationArn"] = arn }));
        var input = ApiClient.NewService("late-user");
        input["AutoScalingConfigurationArn"] = arn;

        (await _client.InvalidRequest("CreateService", input)).Message.ShouldContain("has been deleted");
    }

    [Fact]
    public async Task DeleteAutoScalingConfiguration_OvertakenByAServiceThatUsesIt_IsRefused()
    {
        var arn = await Configuration("wanted");
        var input = ApiClient.NewService("early-user");
        input["AutoScalingConfigurationArn"] = arn;
        host.Store.BeforeNextCommit(() => _client.Create(input));

        (await _client.InvalidRequest("DeleteAutoScalingConfiguration", new JsonObject { ["AutoScalingConfigurationArn"] = arn })).Message.ShouldContain("use it: early-user");
    }

    [Fact]
    public async Task CreateAutoScalingConfiguration_OvertakenByAnotherRevision_GetsTheNext()
    {
        await Configuration("numbers");
        host.Store.BeforeNextCommit(() => Configuration("numbers"));

        (await Configuration("numbers")).ShouldContain("/numbers/3/");
    }

    [Fact]
    public async Task UpdateService_OvertakenByAPause_IsRefused()
    {
        var arn = await _client.CreateRunning("overtaken");
        host.Store.BeforeNextCommit(() => _client.Call("PauseService", ApiClient.Named(arn)));

        (await _client.InvalidState("UpdateService", ApiClient.Named(arn))).Message.ShouldContain("OPERATION_IN_PROGRESS");
        (await _client.Service(arn)).LastRevision.ShouldBe(1);
    }

    [Fact]
    public async Task TagResource_OvertakenByTheEndOfAnOperation_KeepsBoth()
    {
        var arn = await _client.Create(ApiClient.NewService("both"));
        host.Store.BeforeNextCommit(() => _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running));

        await _client.Call("TagResource", new JsonObject { ["ResourceArn"] = arn, ["Tags"] = JsonNode.Parse("""[{"Key":"team","Value":"a"}]""") });

        (await _client.Service(arn)).ShouldSatisfyAllConditions(
            service => service.Status.ShouldBe(ServiceStatus.Running), service => service.Tags["team"].ShouldBe("a"));
    }

    [Fact]
    public async Task CancelOperation_OvertakenByItsEnd_IsRefused()
    {
        var arn = await _client.Create(ApiClient.NewService("too-late"));
        var id = (await _client.Service(arn)).OperationId;
        host.Store.BeforeNextCommit(() => _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running));

        var refused = await Should.ThrowAsync<Wire.ApiException>(() => _client.Extension("CancelOperation", ApiClient.Named(arn, $$"""{"OperationId":"{{id}}"}""")));
        refused.Message.ShouldContain("it has ended: SUCCEEDED");
    }

    private async Task<string> Configuration(string name) =>
        (await _client.Call("CreateAutoScalingConfiguration", new JsonObject { ["AutoScalingConfigurationName"] = name }))["AutoScalingConfiguration"].Text("AutoScalingConfigurationArn");
}
