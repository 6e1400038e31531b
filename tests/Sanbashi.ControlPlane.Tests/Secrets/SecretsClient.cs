using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Secrets;

/// <summary>Calls Secrets Manager and the parameter store in one region.</summary>
internal sealed class SecretsClient(Uri endpoint, HttpClient http, string region)
{
    public string Region => region;

    public Uri Endpoint => endpoint;

    public Task<JsonObject> Call(string operation, string input) => Call(operation, JsonNode.Parse(input)!.AsObject());

    public Task<JsonObject> Call(string operation, JsonObject input) => Send("secretsmanager", "secretsmanager", operation, input);

    public Task<JsonObject> Ssm(string operation, string input) => Send("AmazonSSM", "ssm", operation, JsonNode.Parse(input)!.AsObject());

    public async Task<string> SsmRefused(string operation, string input, string code)
    {
        var error = await Should.ThrowAsync<ApiException>(() => Ssm(operation, input));
        error.Code.ShouldBe(code, error.Message);
        return error.Message;
    }

    public async Task<string> Refused(string operation, string input, string code)
    {
        var error = await Should.ThrowAsync<ApiException>(() => Call(operation, input));
        error.Code.ShouldBe(code, error.Message);
        return error.Message;
    }

    /// <summary>Makes a secret; answers its ARN.</summary>
    public async Task<string> Create(string name, string value) =>
        (await Call("CreateSecret", new JsonObject { ["Name"] = name, ["SecretString"] = value }))["ARN"]!.GetValue<string>();

    public async Task<string> Value(string secretId, string more = "") =>
        (await Call("GetSecretValue", $$"""{"SecretId":"{{secretId}}"{{more}}}"""))["SecretString"]!.GetValue<string>();

    /// <summary>The staging labels by version, each sorted and joined.</summary>
    public async Task<Dictionary<string, string>> Stages(string secretId) =>
        (await Call("DescribeSecret", $$"""{"SecretId":"{{secretId}}"}"""))["VersionIdsToStages"]?.AsObject().ToDictionary(
            version => version.Key, version => string.Join(' ', version.Value!.AsArray().Select(stage => stage!.GetValue<string>()).Order(StringComparer.Ordinal))) ?? [];

    private Task<JsonObject> Send(string target, string signingName, string operation, JsonObject input) =>
        new AwsJsonClient(http, endpoint, ApiHost.Root, region, TimeProvider.System).Call(target, signingName, "1.1", operation, input, TestContext.Current.CancellationToken);
}
