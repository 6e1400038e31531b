using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Identity;

/// <summary>Makes identities for tests.</summary>
internal sealed class IdentityLab(ApiHost host)
{
    /// <summary>A statement of trust policies: instances of services may have the role.</summary>
    public const string TrustsTasks = """{"Effect":"Allow","Principal":{"Service":"tasks.apprunner.amazonaws.com"},"Action":"sts:AssumeRole"}""";

    public QueryClient Root { get; } = new(host, ApiHost.Root);

    public QueryClient As(ApiCredential credential) => new(host, credential);

    /// <summary>App Runner as somebody else.</summary>
    public Task<JsonObject> AppRunner(ApiCredential credential, string region, string operation, JsonObject input) =>
        new AwsJsonClient(host.Http, host.Endpoint, credential, region, TimeProvider.System).Call("AppRunner", "apprunner", "1.0", operation, input, TestContext.Current.CancellationToken);

    public async Task<string> Denied(ApiCredential credential, string region, string operation, JsonObject input)
    {
        var refusal = await Should.ThrowAsync<ApiException>(() => AppRunner(credential, region, operation, input));
        refusal.Code.ShouldBe("AccessDeniedException", refusal.Message);
        return refusal.Message;
    }

    /// <summary>A user with a key and one inline policy.</summary>
    public async Task<ApiCredential> User(string name, params string[] statements)
    {
        await Root.Iam("CreateUser", ("UserName", name));
        if (statements.Length > 0)
        {
            await Root.Iam("PutUserPolicy", ("UserName", name), ("PolicyName", "own"), ("PolicyDocument", Policy(statements)));
        }

        return Key(await Root.Iam("CreateAccessKey", ("UserName", name)));
    }

    public Task Role(string name, string trust, params string[] statements) => Role(name, trust, "3600", statements);

    public async Task Role(string name, string trust, string seconds, string[] statements)
    {
        await Root.Iam("CreateRole", ("RoleName", name), ("AssumeRolePolicyDocument", Policy(trust)), ("MaxSessionDuration", seconds));
        await Root.Iam("PutRolePolicy", ("RoleName", name), ("PolicyName", "own"), ("PolicyDocument", Policy(statements)));
    }

    public static string Policy(params string[] statements) => $$"""{"Version":"2012-10-17","Statement":[{{string.Join(",", statements)}}]}""";

    /// <summary>The credentials in an answer, of a user or of a session.</summary>
    public static ApiCredential Key(QueryClient.Answer answer) =>
        new(answer.Text("AccessKeyId"), answer.Text("SecretAccessKey"), answer.Texts("SessionToken").FirstOrDefault(), ApiHost.Account);
}
