using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Hosting;
using Sanbashi.ControlPlane.Identity.Roles;
using Sanbashi.ControlPlane.InstanceEndpoint;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.ControlPlane.Tests.Identity;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;
using Sanbashi.Wire;
using ApiHost = Sanbashi.ControlPlane.Tests.Api.ApiHost;

namespace Sanbashi.ControlPlane.Tests.InstanceEndpoint;

/// <summary>The real listener; the tests are instances with the address 127.0.0.1.</summary>
public sealed class InstanceEndpointTests(ApiHost host) : IClassFixture<ApiHost>, IAsyncLifetime
{
    private const string AllowList = """{"Effect":"Allow","Action":"apprunner:List*","Resource":"*"}""";

    private readonly ApiClient _client = host.NewRegion();
    private readonly IdentityLab _lab = new(host);
    private readonly FakeEngine _engine = new();
    private readonly ResourceBoard _resources = new();
    private WebApplication _app = null!;
    private Uri _endpoint = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private InstanceTokens Tokens => host.Identity.InstanceTokens;

    public async ValueTask InitializeAsync()
    {
        var observer = new EngineObserver(_engine, host.Time, NullLogger<EngineObserver>.Instance);
        var callers = new InstanceCallers(observer, host.Documents, NullLogger<InstanceCallers>.Instance);
        var listener = InstanceListener.Open();
        _endpoint = new Uri($"http://127.0.0.1:{listener.Port}");
        _app = InstanceEndpointHost.Build(new ApiHostParts(host.Options, host.Identity.Services, host.Identity, TimeProvider.System), listener, app =>
        {
            new CredentialsEndpoint(callers, Tokens, host.Identity.Roles).Map(app);
            new MetadataEndpoint(callers, Tokens, _resources).Map(app);
        });
        await _app.StartAsync(Cancelled);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Credentials_OfTheInstanceThatAsks_AreItsRolesUntilTheyEnd()
    {
        var id = await Run("caller", "127.0.0.1");

        var credential = Credential(await Get(HttpStatusCode.OK, $"/v2/credentials/{Tokens.ForCredentials(id)}"));

        (await _lab.As(credential).Sts("GetCallerIdentity")).Text("Arn").ShouldBe($"arn:aws:sts::000000000000:assumed-role/caller-{_client.Region}/{id}");
        await _lab.AppRunner(credential, _client.Region, "ListServices", []);
        (await _lab.Denied(credential, _client.Region, "CreateService", ApiClient.NewService("not-mine"))).ShouldContain($"assumed-role/caller-{_client.Region}/{id} is not authorized");

        // SDKs ask again before the end, and get others that last.
        host.Time.Advance(TimeSpan.FromMinutes(50));
        var next = Credential(await Get(HttpStatusCode.OK, $"/v2/credentials/{Tokens.ForCredentials(id)}"));
        host.Time.Advance(TimeSpan.FromMinutes(11));
        await _lab.As(credential).StsRefuses("ExpiredTokenException", "GetCallerIdentity");
        await _lab.As(next).Sts("GetCallerIdentity");
    }

    [Fact]
    public async Task Credentials_OfAnotherInstance_AreNotGiven()
    {
        var id = await Run("neighbour", "10.213.0.9");

        (await Get(HttpStatusCode.BadRequest, $"/v2/credentials/{Tokens.ForCredentials(id)}"))["code"]!.GetValue<string>().ShouldBe("InvalidIdInRequest");
        await Refused(HttpStatusCode.NotFound, $"/v4/{Tokens.ForMetadata(id)}");
    }

    [Fact]
    public async Task Tokens_ThatArePartOrForAnotherPurpose_OpenNothing()
    {
        var id = await Run("guessed", "127.0.0.1");
        var token = Tokens.ForCredentials(id);

        foreach (var wrong in (string[])[id, $"{id}.", token[..^1], token + "A", Tokens.ForMetadata(id), "x.y", new InstanceTokens([.. Enumerable.Repeat((byte)1, 32)]).ForCredentials(id)])
        {
            await Get(HttpStatusCode.BadRequest, $"/v2/credentials/{wrong}");
        }

        await Refused(HttpStatusCode.NotFound, $"/v4/{token}");
    }

    [Fact]
    public async Task Credentials_OfARoleThatIsGone_SayWhy()
    {
        var id = await Run("leaving", "127.0.0.1");
        await _lab.Root.Iam("DeleteRolePolicy", ("RoleName", $"leaving-{_client.Region}"), ("PolicyName", "own"));
        await _lab.Root.Iam("DeleteRole", ("RoleName", $"leaving-{_client.Region}"));

        (await Get(HttpStatusCode.Forbidden, $"/v2/credentials/{Tokens.ForCredentials(id)}"))["message"]!.GetValue<string>().ShouldContain("there is no such role");
    }

    [Fact]
    public async Task Credentials_OfAnInstanceThatHasEnded_SignNothing()
    {
        await Run("ended", "127.0.0.1");
        var service = (await host.Documents.ListServices(_client.Scope, Cancelled))[0].Record;
        var issued = await host.Identity.Roles.Issue(service, service.Definition.InstanceRoleArn!, ApiHost.EndedInstance, Cancelled);

        await _lab.As(new ApiCredential(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken, ApiHost.Account)).StsRefuses("ExpiredTokenException", "GetCallerIdentity");
        issued.ToString().ShouldNotContain(issued.SecretAccessKey);
    }

    [Fact]
    public async Task Metadata_OfTheInstanceThatAsks_IsInEcsForm()
    {
        var id = await Run("described", "127.0.0.1");
        var uri = $"/v4/{Tokens.ForMetadata(id)}";

        var container = await Get(HttpStatusCode.OK, uri);
        container["Networks"]![0]!["IPv4Addresses"]![0]!.GetValue<string>().ShouldBe("127.0.0.1");
        container["Labels"]!["com.amazonaws.ecs.task-definition-family"]!.GetValue<string>().ShouldBe("described");
        container["ContainerARN"]!.GetValue<string>().ShouldStartWith($"arn:aws:ecs:{_client.Region}:000000000000:container/");
        var task = await Get(HttpStatusCode.OK, $"{uri}/task");
        task["TaskARN"]!.GetValue<string>().ShouldEndWith(id);
        task["Containers"]![0]!["DockerId"]!.GetValue<string>().ShouldBe(container["DockerId"]!.GetValue<string>());
        task["Limits"]!["CPU"]!.GetValue<double>().ShouldBe(1);
        (await Get(HttpStatusCode.OK, uri.Replace("v4", "v3")))["Name"]!.GetValue<string>().ShouldBe("main");

        (await host.Http.GetStringAsync(new Uri(_endpoint, $"{uri}/stats"), Cancelled)).ShouldBe("null");
        _resources.Replace(new Dictionary<string, ResourceSample> { [id] = new(host.Time.GetUtcNow(), 0.5, 0.5, 1 << 20, 0.5) { CpuTime = TimeSpan.FromSeconds(2) } }, []);
        var stats = await Get(HttpStatusCode.OK, $"{uri}/task/stats");
        stats[$"{id}-0"]!["memory_stats"]!["limit"]!.GetValue<long>().ShouldBe(2 << 20);
        stats[$"{id}-0"]!["cpu_stats"]!["cpu_usage"]!["total_usage"]!.GetValue<long>().ShouldBe(2_000_000_000);
    }

    [Fact]
    public async Task Listener_AnswersTheApiButNoPagesForPeople()
    {
        var answer = await new QueryClient(host, ApiHost.Root, endpoint: _endpoint).Sts("GetCallerIdentity");

        answer.Text("Arn").ShouldBe("arn:aws:iam::000000000000:root");
        foreach (var page in (string[])["/", "/metrics", "/status"])
        {
            (await host.Http.GetAsync(new Uri(_endpoint, page), Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    /// <summary>A service with a role, and an instance of it; answers the instance's id.</summary>
    private async Task<string> Run(string name, string address)
    {
        var role = $"{name}-{_client.Region}";
        await _lab.Role(role, IdentityLab.TrustsTasks, AllowList);
        var input = ApiClient.NewService(name);
        input["InstanceConfiguration"] = new JsonObject { ["InstanceRoleArn"] = $"arn:aws:iam::000000000000:role/{role}" };
        var service = await _client.Service(await _client.Create(input));
        var id = Guid.NewGuid().ToString("N");
        _engine.Instance = new EngineInstance
        {
            Identity = new InstanceIdentity(id, service.Id, service.Name, 1),
            State = EngineInstanceState.Running,
            Endpoint = $"{address}:8080",
            Containers = [new EngineContainer("main", EngineContainerState.Running, null, false, null, host.Time.GetUtcNow(), null)],
            StartedAt = host.Time.GetUtcNow(),
        };
        return id;
    }

    private async Task<JsonObject> Get(HttpStatusCode expected, string path)
    {
        using var answer = await host.Http.GetAsync(new Uri(_endpoint, path), Cancelled);
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.StatusCode.ShouldBe(expected, body);
        return JsonNode.Parse(body)!.AsObject();
    }

    private async Task Refused(HttpStatusCode expected, string path) => (await host.Http.GetAsync(new Uri(_endpoint, path), Cancelled)).StatusCode.ShouldBe(expected);

    private static ApiCredential Credential(JsonObject answer) =>
        new(answer["AccessKeyId"]!.GetValue<string>(), answer["SecretAccessKey"]!.GetValue<string>(), answer["Token"]!.GetValue<string>(), ApiHost.Account);
}
