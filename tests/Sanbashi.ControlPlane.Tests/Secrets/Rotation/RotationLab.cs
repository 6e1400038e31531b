using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Secrets;
using Sanbashi.ControlPlane.Secrets.Encryption;
using Sanbashi.ControlPlane.Secrets.Rotation;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.ControlPlane.Tests.Identity;
using Sanbashi.Domain.Secrets;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Secrets.Rotation;

/// <summary>Secrets and their rotations over one store, in a process that can be replaced.</summary>
internal sealed class RotationLab : IAsyncDisposable
{
    private const string Region = "local-1";

    private readonly InMemoryDocumentStore _store = new();
    private readonly string _key = EncryptionKey.Make().Text;
    private readonly IReadOnlyList<string> _allowed;
    private SecretCapability _secrets = null!;

    private RotationLab(IReadOnlyList<string> allowed) => _allowed = allowed;

    public ManualTime Time { get; } = new();

    public RecordingLog Log { get; } = new();

    public RotationRunner Runner { get; private set; } = null!;

    public IDocumentStore Store => _store;

    public static async Task<RotationLab> Start(params string[] allowed)
    {
        var lab = new RotationLab(allowed);
        await lab._store.AcquireLease("tests", static _ => { }, TestContext.Current.CancellationToken);
        lab.Restart(lab._store);
        return lab;
    }

    /// <summary>Another process takes over, over this store.</summary>
    public void Restart(IDocumentStore? store = null)
    {
        _secrets?.Dispose();
        _secrets = new SecretCapability(
            store ?? _store, new SuppliedKeys("the tests", () => _key), TestIdentities.Over(store ?? _store, Time), new RandomIdGenerator(), Time, NullLoggerFactory.Instance, _allowed);
        Runner = _secrets.Rotations(new ServiceDocuments(store ?? _store), Log);
    }

    /// <summary>Everything that is due comes as far as it can; answers when there is more to do.</summary>
    public async Task<DateTimeOffset?> Go()
    {
        await Runner.Pass(TestContext.Current.CancellationToken);
        await Runner.Settled();
        return await Runner.Pass(TestContext.Current.CancellationToken);
    }

    public Task<JsonObject> Call(string operation, JsonObject input)
    {
        var service = _secrets.Services[0];
        return service.FindHandler(operation)!(new ApiCall(service.Model, operation, input, ApiHost.Account, Region, "AKID", "request"), TestContext.Current.CancellationToken);
    }

    /// <summary>Makes a secret of this JSON; answers its ARN.</summary>
    public async Task<string> Create(string name, JsonObject value) =>
        (string)(await Call("CreateSecret", new JsonObject { ["Name"] = name, ["SecretString"] = value.ToJsonString() }))["ARN"]!;

    public async Task<string> Rotate(string name, string rotator, string? rules = null) => (string)(await Call(
        "RotateSecret",
        new JsonObject { ["SecretId"] = name, ["RotationLambdaARN"] = rotator, ["RotationRules"] = rules is null ? null : JsonNode.Parse(rules) }))["VersionId"]!;

    public async Task<JsonObject> Value(string name, string stage = SecretStages.Current) =>
        JsonNode.Parse((string)(await Call("GetSecretValue", new JsonObject { ["SecretId"] = name, ["VersionStage"] = stage }))["SecretString"]!)!.AsObject();

    public async Task<SecretRecord> Record(string name) =>
        (await new SecretDocuments(_store).FindByName(new(ApiHost.Account, Region), name, TestContext.Current.CancellationToken))!.Record;

    public async ValueTask DisposeAsync()
    {
        await Runner.Settled();
        _secrets.Dispose();
        await _store.DisposeAsync();
    }
}
