using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;

namespace Sanbashi.ControlPlane.Tests.Secrets;

public sealed class SecretRedeploymentTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly ApiClient _client = host.NewRegion();

    private SecretsClient Secrets => new(host.Endpoint, host.Http, _client.Region);

    private CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Nothing of the process that took the change is needed: a pass finds it in the store.</summary>
    [Fact]
    public async Task NewValue_OfASecretThatRuns_IsDeployedOnceWithTheSameImage()
    {
        var secret = await Secrets.Create("db", """{"user":"app","password":"one"}""");
        var arn = await Run("turns", ("PASSWORD", $"{secret}:password::"), ("USER_", $"{secret}:user::"));
        await Expect(arn, running: true);

        await Secrets.Call("PutSecretValue", """{"SecretId":"db","SecretString":"{\"user\":\"app\",\"password\":\"two\"}"}""");
        var service = await Expect(arn, running: false);

        var operation = await _client.Operation(service.OperationId!);
        (operation.Type, operation.Revision, operation.RefreshReason).ShouldBe((OperationType.StartDeployment, 2, "The secret db has a new value (PASSWORD)"));
        (await host.Documents.FindRevision(service, 2, Cancelled))!.Record.ImageOf.ShouldBe(1);
        host.Reconcilers.Signalled.ShouldContain(service.Id);
        await host.RedeployForSecrets();
        (await _client.Service(arn)).LastRevision.ShouldBe(2);

        await Succeed(arn);
        (await Expect(arn, running: true)).RefreshAttempt.ShouldBeNull();
    }

    [Fact]
    public async Task Changes_OfWhatIsNotRead_DeployNothing()
    {
        var secret = await Secrets.Create("quiet", """{"user":"app","password":"one"}""");
        var version = (await Secrets.Stages(secret)).Keys.Single();
        var arn = await Run("still", ("USER_", $"{secret}:user::"), ("EXACT", $"{secret}:::{version}"));

        await Secrets.Call("PutSecretValue", """{"SecretId":"quiet","SecretString":"{}","VersionStages":["AWSPENDING"]}""");
        await Expect(arn, running: true);
        await Secrets.Call("PutSecretValue", """{"SecretId":"quiet","SecretString":"{\"user\":\"app\",\"password\":\"two\"}"}""");
        await Expect(arn, running: true);
        await Secrets.Call("TagResource", """{"SecretId":"quiet","Tags":[{"Key":"a","Value":"b"}]}""");
        await Expect(arn, running: true);

        // Gone is no new value.
        await Secrets.Call("DeleteSecret", """{"SecretId":"quiet"}""");
        await Expect(arn, running: true);
    }

    [Fact]
    public async Task NewVersion_OfAParameter_IsDeployed()
    {
        await Secrets.Ssm("PutParameter", """{"Name":"/shop/db","Value":"one","Type":"SecureString"}""");
        var arn = await Run("parametric", ("DB", "/shop/db"));
        await Secrets.Ssm("LabelParameterVersion", """{"Name":"/shop/db","Labels":["live"]}""");
        await Expect(arn, running: true);

        await Secrets.Ssm("PutParameter", """{"Name":"/shop/db","Value":"two","Overwrite":true}""");

        (await _client.Operation((await Expect(arn, running: false)).OperationId!)).RefreshReason.ShouldBe("The parameter /shop/db has a new value (DB)");
    }

    [Fact]
    public async Task Setting_Wait_LeavesItToTheNextDeployment()
    {
        var secret = await Secrets.Create("later", "one");
        var arn = await Run("waits", ("S", secret));
        await _client.Call("TagResource", new JsonObject { ["ResourceArn"] = arn, ["Tags"] = new JsonArray(new JsonObject { ["Key"] = "sanbashi:secret-change", ["Value"] = "wait" }) });

        await Secrets.Call("PutSecretValue", """{"SecretId":"later","SecretString":"two"}""");
        await Expect(arn, running: true);

        await _client.Call("UntagResource", new JsonObject { ["ResourceArn"] = arn, ["TagKeys"] = new JsonArray("sanbashi:secret-change") });
        await Expect(arn, running: false);
    }

    [Fact]
    public async Task Deployment_ThatFails_IsTriedAgainLaterAndNotForEver()
    {
        var secret = await Secrets.Create("bad", "one");
        var arn = await Run("fails", ("S", secret));
        await Secrets.Call("PutSecretValue", """{"SecretId":"bad","SecretString":"two"}""");

        foreach (var pause in SecretRefresh.Pauses)
        {
            await Expect(arn, running: false);
            await _client.Finish(arn, OperationStatus.Failed, ServiceStatus.Running);
            (await host.RedeployForSecrets()).ShouldNotBeNull();
            await Expect(arn, running: true);
            host.Time.Advance(pause);
        }

        await Expect(arn, running: false);
        await _client.Finish(arn, OperationStatus.Failed, ServiceStatus.Running);
        host.Time.Advance(TimeSpan.FromDays(1));
        await Expect(arn, running: true);
        await Expect(arn, running: true);
        host.Log.Events(ApiClient.Id(arn)).Count(line => line.Contains("deployments failed")).ShouldBe(1);

        // What is newer is tried anew.
        await Secrets.Call("PutSecretValue", """{"SecretId":"bad","SecretString":"three"}""");
        await Expect(arn, running: false);
    }

    [Fact]
    public async Task Canary_Standing_IsWaitedFor()
    {
        var secret = await Secrets.Create("canary", "one");
        var arn = await Run("compared", ("S", secret));
        var stored = await _client.Stored(arn);
        await host.Store.Commit([ServiceDocuments.Write(stored.Record with { CanaryRevision = 2 }, stored.Version)], Cancelled);
        await Secrets.Call("PutSecretValue", """{"SecretId":"canary","SecretString":"two"}""");

        await Expect(arn, running: true);
        await Expect(arn, running: true);
        host.Log.Events(ApiClient.Id(arn)).Count(line => line.Contains("once its canary, revision 2, is promoted or taken back")).ShouldBe(1);

        stored = await _client.Stored(arn);
        await host.Store.Commit([ServiceDocuments.Write(stored.Record with { CanaryRevision = null }, stored.Version)], Cancelled);
        await Expect(arn, running: false);
    }

    [Fact]
    public async Task Rollback_AfterARedeployment_GoesWhereItWentBefore()
    {
        var secret = await Secrets.Create("kept", "one");
        var arn = await Run("keeps", ("S", secret));
        var stored = await _client.Stored(arn);
        await host.Store.Commit([ServiceDocuments.Write(stored.Record with { PreviousRevision = 7 }, stored.Version)], Cancelled);
        await Secrets.Call("PutSecretValue", """{"SecretId":"kept","SecretString":"two"}""");
        var service = await Expect(arn, running: false);
        var operation = await _client.Operation(service.OperationId!);
        var switched = OperationSettlement.Switch(service, operation, operation.Revision!.Value, host.Time.GetUtcNow());
        var situation = new ServiceSituation
        {
            Service = switched,
            Operation = operation,
            Revisions = new Dictionary<int, RevisionRecord>(),
            Instances = [],
            EngineAnswers = true,
            Hosts = [],
            Settings = ServiceSettings.Default,
            WatchedSince = host.Time.GetUtcNow(),
        };

        var (succeeded, _) = OperationSettlement.Settle(situation, new SettleOperation(OperationStatus.Succeeded, null), host.Time.GetUtcNow());
        var (failed, _) = OperationSettlement.Settle(situation, new SettleOperation(OperationStatus.Failed, "no"), host.Time.GetUtcNow());

        (succeeded.ActiveRevision, succeeded.PreviousRevision).ShouldBe((2, 7));
        failed.ActiveRevision.ShouldBe(1);
    }

    /// <summary>What is seen after one look at all services.</summary>
    private async Task<ServiceRecord> Expect(string arn, bool running)
    {
        await host.RedeployForSecrets();
        var service = await _client.Service(arn);
        service.Status.ShouldBe(running ? ServiceStatus.Running : ServiceStatus.OperationInProgress);
        return service;
    }

    /// <summary>A service that runs with what these references mean now.</summary>
    private async Task<string> Run(string name, params (string Variable, string Reference)[] references)
    {
        var input = ApiClient.NewService(name);
        input["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"] = new JsonObject
        {
            ["RuntimeEnvironmentSecrets"] = new JsonObject(references.Select(reference => KeyValuePair.Create(reference.Variable, (JsonNode?)reference.Reference))),
        };
        var arn = await _client.Create(input);
        await Succeed(arn);
        return arn;
    }

    /// <summary>Ends the deployment as its reconciler would, what it reads noted.</summary>
    private async Task Succeed(string arn)
    {
        var service = await _client.Service(arn);
        var revision = (await host.Documents.FindRevision(service, service.LastRevision, Cancelled))!.Record;
        var pinned = revision with
        {
            Image = new PinnedImage("sha256:1", null, "app:1"),
            Secrets = await host.Secrets.ForServices.Resolve(service, revision.Definition, Cancelled),
        };
        await host.Store.Commit([ServiceDocuments.Write(service.Scope, pinned, null)], Cancelled);
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
    }
}
