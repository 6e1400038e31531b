using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Secrets;
using Sanbashi.ControlPlane.Secrets.Encryption;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.ControlPlane.Tests.Identity;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Secrets;

public sealed class KeyRotationTests : IAsyncLifetime
{
    private readonly InMemoryDocumentStore _store = new();
    private readonly ManualTime _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("sanbashi-keys-").FullName;

    private string KeyPath => Path.Combine(_folder, KeyFile.FileName);

    public async ValueTask InitializeAsync() => await _store.AcquireLease("tests", _ => { }, CancellationToken.None);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Rotate_AllValues_AreSealedWithTheNewKeyAndNotEncryptedAnew()
    {
        using var secrets = Open();
        for (var i = 0; i < 450; i++)
        {
            await Create(secrets, $"s{i}", $"value {i}");
        }

        var before = await Values();
        var oldKey = File.ReadAllText(KeyPath);

        var rotated = await secrets.KeyRotation.Rotate(Call(secrets, "RotateSecretsKey", []), TestContext.Current.CancellationToken);

        ((int)rotated["Rewrapped"]!, (int)rotated["Failed"]!).ShouldBe((450, 0));
        var after = await Values();
        after.ShouldAllBe(value => (string)value["sealed"]!["keyId"]! == (string)rotated["KeyId"]!);
        after.Select(value => (string)value["sealed"]!["content"]!).ShouldBe(before.Select(value => (string)value["sealed"]!["content"]!));
        (await Read(secrets, "s449")).ShouldBe("value 449");
        var newKey = File.ReadAllText(KeyPath);
        KeyText.Parse(newKey, "").ShouldHaveSingleItem().Id.ShouldBe((string)rotated["KeyId"]!);
        newKey.ShouldNotContain(KeyText.Parse(oldKey, "")[0].Text);
        using var restarted = Open();
        (await Read(restarted, "s0")).ShouldBe("value 0");
    }

    [Fact]
    public async Task Resume_AfterARotationThatWasCutOff_FinishesIt()
    {
        using (var secrets = Open())
        {
            await Create(secrets, "s", "value");
        }

        // As after a crash between the new key file and the first value.
        new KeyFile(KeyPath).TryReplace([EncryptionKey.Make(), .. new KeyFile(KeyPath).Load()]);
        using var restarted = Open();
        (await Read(restarted, "s")).ShouldBe("value");

        await restarted.KeyRotation.Resume(TestContext.Current.CancellationToken);

        var key = new KeyFile(KeyPath).Load().ShouldHaveSingleItem();
        ((string)(await Values()).ShouldHaveSingleItem()["sealed"]!["keyId"]!).ShouldBe(key.Id);
        (await Read(restarted, "s")).ShouldBe("value");
    }

    [Fact]
    public async Task Rotate_WithAValueThatCannotBeOpened_KeepsItsKey()
    {
        using var secrets = Open();
        await Create(secrets, "good", "value");
        await Create(secrets, "bad", "value");
        var broken = (await _store.Query(new DocumentQuery(SecretDocuments.ValueKind), TestContext.Current.CancellationToken))[1];
        var body = JsonNode.Parse(broken.Body)!;
        body["sealed"]!["wrappedKey"] = Convert.ToBase64String(new byte[60]);
        await _store.Commit([new DocumentWrite(broken.Key, null, body.ToJsonString(), null, broken.Parent)], TestContext.Current.CancellationToken);

        var rotated = await secrets.KeyRotation.Rotate(Call(secrets, "RotateSecretsKey", []), TestContext.Current.CancellationToken);

        ((int)rotated["Rewrapped"]!, (int)rotated["Failed"]!).ShouldBe((1, 1));
        new KeyFile(KeyPath).Load().Count.ShouldBe(2);
        (await Read(secrets, "good")).ShouldBe("value");
    }

    [Fact]
    public async Task Rotate_KeysThatSomebodyElseKeeps_NeedsANewOneFirst()
    {
        var (first, second) = (EncryptionKey.Make().Text, EncryptionKey.Make().Text);
        var supplied = first;
        using var secrets = TestSecrets.Over(_store, _time, () => supplied);
        await Create(secrets, "s", "value");

        (await Should.ThrowAsync<ApiException>(() => secrets.KeyRotation.Rotate(Call(secrets, "RotateSecretsKey", []), CancellationToken.None))).Message.ShouldContain("Put a new key on the first line");
        supplied = $"{second}\n{first}\n";
        (await secrets.KeyRotation.Rotate(Call(secrets, "RotateSecretsKey", []), TestContext.Current.CancellationToken))["Rewrapped"]!.GetValue<int>().ShouldBe(1);

        using var without = TestSecrets.Over(_store, _time, () => second);
        (await Read(without, "s")).ShouldBe("value");
        using var stranger = TestSecrets.Over(_store, _time, () => EncryptionKey.Make().Text);
        var refused = await Should.ThrowAsync<ApiException>(() => Read(stranger, "s"));
        (refused.Code, refused.Message.Contains("is not in the tests")).ShouldBe(("DecryptionFailure", true));
    }

    [Fact]
    public async Task Rotate_WithParameters_SealsThemAnewToo()
    {
        using var secrets = Open();
        var ssm = secrets.Services[1];
        Task<JsonObject> Ssm(string operation, JsonObject input) =>
            ssm.FindHandler(operation)!(new ApiCall(ssm.Model, operation, input, ApiHost.Account, "local-1", "AKID", "request"), TestContext.Current.CancellationToken);
        await Ssm("PutParameter", new JsonObject { ["Name"] = "p", ["Value"] = "value", ["Type"] = "SecureString" });

        var rotated = await secrets.KeyRotation.Rotate(Call(secrets, "RotateSecretsKey", []), TestContext.Current.CancellationToken);

        ((int)rotated["Rewrapped"]!, (int)rotated["Failed"]!).ShouldBe((1, 0));
        new KeyFile(KeyPath).Load().ShouldHaveSingleItem();
        ((string)(await Ssm("GetParameter", new JsonObject { ["Name"] = "p", ["WithDecryption"] = true }))["Parameter"]!["Value"]!).ShouldBe("value");
    }

    [Fact]
    public void KeyCommand_ThatPrintsAKey_IsUsed()
    {
        var options = new ControlPlaneOptions { StateDirectory = _folder, Version = "0", SecretsKeyCommand = $"printf '# mine\\n{EncryptionKey.Make().Text}\\n'" };

        KeySources.Find(options).Load().ShouldHaveSingleItem();

        File.Exists(KeyPath).ShouldBeFalse();
        Should.Throw<InvalidDataException>(() => KeySources.Find(options with { SecretsKeyCommand = "exit 3" }).Load()).Message.ShouldContain("ended with 3");
        Should.Throw<InvalidDataException>(() => KeySources.Find(options with { SecretsKeyCommand = "echo hush" }).Load()).Message.ShouldNotContain("hush");
    }

    private SecretCapability Open() => new(_store, new KeyFile(KeyPath), TestIdentities.Over(_store, _time), new RandomIdGenerator(), _time, NullLoggerFactory.Instance);

    private static Task Create(SecretCapability secrets, string name, string value) =>
        Send(secrets, "CreateSecret", new JsonObject { ["Name"] = name, ["SecretString"] = value });

    private static async Task<string> Read(SecretCapability secrets, string name) => (string)(await Send(secrets, "GetSecretValue", new JsonObject { ["SecretId"] = name }))["SecretString"]!;

    private static Task<JsonObject> Send(SecretCapability secrets, string operation, JsonObject input) =>
        secrets.Services[0].FindHandler(operation)!(Call(secrets, operation, input), TestContext.Current.CancellationToken);

    private static ApiCall Call(SecretCapability secrets, string operation, JsonObject input) =>
        new(secrets.Services[0].Model, operation, input, ApiHost.Account, "local-1", "AKID", "request");

    private async Task<List<JsonNode>> Values() =>
        [.. (await _store.Query(new DocumentQuery(SecretDocuments.ValueKind), TestContext.Current.CancellationToken)).Select(document => JsonNode.Parse(document.Body)!)];
}
