using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class HostClaimTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly ApiClient _client = host.NewRegion();
    private readonly string _name = $"h{Guid.NewGuid():N}.example.test";

    [Fact]
    public async Task HostAndPath_BelongToOneService_UntilItGivesThemBack()
    {
        var shop = await _client.CreateRunning("shop");
        var api = await _client.CreateRunning("rest");
        await Put(shop, _name, "/");
        await Put(api, _name, "/api");

        (await Refusal(api, _name, "/")).ShouldBe(
            $"Service rest can't have {_name}/: service shop has it already. Give one of them another of the settings 'hosts' and 'path'.");
        (await Refusal(shop, _name, "/api")).ShouldContain("service rest has it already");

        await Put(shop, "", "");
        await Put(api, _name, "/");
        (await Refusal(shop, _name, "/")).ShouldContain("service rest has it already");
        await Put(shop, _name, "/api");
    }

    [Fact]
    public async Task HostAndPath_GivenByTags_AreClaimedToo()
    {
        var shop = await _client.CreateRunning("tagged");
        await _client.Call("TagResource", new JsonObject { ["ResourceArn"] = shop, ["Tags"] = JsonNode.Parse($$"""[{"Key":"sanbashi:hosts","Value":"{{_name}}"}]""") });
        var other = await _client.CreateRunning("untagged");

        var refusal = await Should.ThrowAsync<ApiException>(() =>
            _client.Call("TagResource", new JsonObject { ["ResourceArn"] = other, ["Tags"] = JsonNode.Parse($$"""[{"Key":"sanbashi:hosts","Value":"{{_name.ToUpperInvariant()}}"}]""") }));
        refusal.Message.ShouldContain("service tagged has it already");

        await _client.Call("UntagResource", new JsonObject { ["ResourceArn"] = shop, ["TagKeys"] = new JsonArray("sanbashi:hosts") });
        await Put(other, _name, "/");
    }

    [Fact]
    public async Task HostAndPath_OfADeletedService_AreFree()
    {
        var gone = await _client.CreateRunning("gone");
        await Put(gone, _name, "/");
        var heir = await _client.CreateRunning("heir");

        // What the reconciler writes together with the end of the deletion.
        var deleted = await _client.Service(gone) with { Status = ServiceStatus.Deleted };
        await host.Store.Commit([.. HostClaims.Release(deleted)], TestContext.Current.CancellationToken);

        await Put(heir, _name, "/");
    }

    [Fact]
    public async Task Host_OfThePlatform_IsRefused()
    {
        var shop = await _client.CreateRunning("owner");

        (await Refusal(shop, $"other.{host.Options.Domain}", "/")).ShouldContain($"the platform itself gives out {host.Options.Domain}");
    }

    [Fact]
    public async Task HostAndPath_AskedForByTwoAtOnce_GoToOne()
    {
        var services = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            services.Add(await _client.CreateRunning($"race{i}"));
        }

        var results = await Task.WhenAll(services.Select(async arn =>
        {
            try
            {
                await Put(arn, _name, "/");
                return true;
            }
            catch (ApiException)
            {
                return false;
            }
        }));

        results.Count(static won => won).ShouldBe(1);
    }

    private Task<JsonObject> Put(string arn, string hosts, string path) =>
        _client.Extension("PutServiceSettings", ApiClient.Named(arn, $$$"""{"Settings":{"hosts":"{{{hosts}}}","path":"{{{path}}}"}}"""));

    private async Task<string> Refusal(string arn, string hosts, string path)
    {
        var refused = await Should.ThrowAsync<ApiException>(() => Put(arn, hosts, path));
        refused.Code.ShouldBe("InvalidRequestException");
        return refused.Message;
    }
}
