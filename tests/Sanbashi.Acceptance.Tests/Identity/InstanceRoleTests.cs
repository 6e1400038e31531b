using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Images;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Identity;

public sealed class InstanceRoleTests(SharedPlatform shared)
{
    private const string Trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"tasks.apprunner.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    [Fact]
    public async Task Application_WithItsRole_ReadsItsSecretAndNobodyElses()
    {
        Assert.SkipUnless(AwsCli.IsInstalled && File.Exists(PythonFiles.Program), "The aws command line or Python is not installed.");
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/nft"), "Credentials for instances need root and nft.");
        var platform = await shared.Get();
        var own = await Secret(platform, "roles/own", "mine");
        var other = await Secret(platform, "roles/other", "not yours");
        var role = await Role(platform, "roles-app", own);
        var image = await shared.Images.Boto3App();

        // (a) The SDK's default chain finds the role's credentials.
        var service = await platform.Api.RunService("roled", image, new ServiceRequest { InstanceRoleArn = role, Secrets = new Dictionary<string, string> { ["OWN"] = own } });
        (await Get(platform, service, $"/secret?id={own}")).ShouldBe("mine");
        (await Get(platform, service, "/who")).ShouldStartWith("arn:aws:sts::000000000000:assumed-role/roles-app/");

        // (b) What the role may not, it is told with role, action and resource.
        (await Get(platform, service, $"/secret?id={other}")).ShouldContain(
            $"AccessDeniedException User: arn:aws:sts::000000000000:assumed-role/roles-app/");
        (await Get(platform, service, $"/secret?id={other}")).ShouldContain($"is not authorized to perform: secretsmanager:GetSecretValue on resource: {other}");

        // (c) Its metadata tells its own address.
        var variables = JsonNode.Parse(await Get(platform, service, "/env"))!;
        var metadata = (string)variables["ECS_CONTAINER_METADATA_URI_V4"]!;
        var described = await Get(platform, service, $"/get?url={metadata}/task");
        described.ShouldStartWith("200 ");
        ((string)JsonNode.Parse(described[4..])!["Containers"]![0]!["Networks"]![0]!["IPv4Addresses"]![0]!).ShouldBe(((string)(await service.Instances())[0]!["Endpoint"]!).Split(':')[0]);

        // (d) Another instance, and this machine, cannot read any of it.
        var stranger = await platform.Api.RunService("stranger", image);
        var credentials = $"http://169.254.170.2{variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]}";
        (await Get(platform, stranger, $"/get?url={credentials}")).ShouldStartWith("400 ");
        (await Get(platform, stranger, $"/get?url={metadata}")).ShouldStartWith("404 ");
        (await Get(platform, service, $"/get?url={credentials}")).ShouldStartWith("200 ");
        JsonNode.Parse(await Get(platform, stranger, "/env"))!["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"].ShouldBeNull();
        (await Get(platform, stranger, "/get?url=http://169.254.170.2/metrics")).ShouldStartWith("404 ");

        // (e) A deployment that the role may not make fails, and says why.
        await service.WaitForOperation(
            await service.Update(image, new ServiceRequest { Secrets = new Dictionary<string, string> { ["OTHER"] = other } }), "ROLLBACK_SUCCEEDED");
        var reason = await service.WaitForEvent("The secret variable OTHER could not be read");
        reason.ShouldContain($"assumed-role/roles-app/apprunner-deployment is not authorized to perform: secretsmanager:GetSecretValue on resource: {other}");
        (await Get(platform, service, $"/secret?id={own}")).ShouldBe("mine");

        // (f) The credentials end with their instance.
        var given = JsonNode.Parse((await Get(platform, service, $"/get?url={credentials}"))[4..])!;
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
        await stranger.WaitForOperation(await stranger.Delete(), "SUCCEEDED");
        (await Who(platform, given)).Error.ShouldContain("ExpiredToken");
    }

    private static async Task<string> Secret(Platform platform, string name, string value) =>
        (string)(await platform.Aws.Run("secretsmanager", "create-secret", "--name", name, "--secret-string", value))["ARN"]!;

    private static async Task<string> Role(Platform platform, string name, string secret)
    {
        var arn = (string)(await platform.Aws.Run("iam", "create-role", "--role-name", name, "--assume-role-policy-document", Trust))["Role"]!["Arn"]!;
        var policy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"{{secret}}"}]}""";
        await platform.Aws.Run("iam", "put-role-policy", "--role-name", name, "--policy-name", "own", "--policy-document", policy);
        return arn;
    }

    private static Task<CommandResult> Who(Platform platform, JsonNode credentials) => Command.Run(
        "/usr/bin/aws",
        ["--endpoint-url", platform.ApiUrl.ToString(), "--region", "local-1", "sts", "get-caller-identity"],
        new Dictionary<string, string?>
        {
            ["AWS_ACCESS_KEY_ID"] = (string)credentials["AccessKeyId"]!,
            ["AWS_SECRET_ACCESS_KEY"] = (string)credentials["SecretAccessKey"]!,
            ["AWS_SESSION_TOKEN"] = (string)credentials["Token"]!,
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
        });

    private static async Task<string> Get(Platform platform, ServiceHandle service, string path) => (await platform.Gateway.Get(service.Host, path)).Body;
}
