using System.Text;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Secrets;

public sealed class SecretStoryTests(SharedPlatform shared)
{
    // As nothing else has them.
    private const string Planted1 = "planted-9f3c1d-one";
    private const string Planted2 = "planted-9f3c1d-two";
    private const string Planted3 = "planted-9f3c1d-three";

    [Fact]
    public async Task Secret_OfAService_ReachesItsInstancesAndNothingElse()
    {
        Assert.SkipUnless(AwsCli.IsInstalled, "The aws command line is not installed.");
        var platform = await shared.Get();
        var arn = (await platform.CliWithInput($$"""{"user":"app","password":"{{Planted1}}"}""" + "\n", "secret", "create", "story/db")).ShouldSucceed().Output.Trim();
        ((string)(await platform.Aws.Run("secretsmanager", "get-secret-value", "--secret-id", "story/db"))["SecretString"]!).ShouldBe($$"""{"user":"app","password":"{{Planted1}}"}""");

        var service = await platform.Api.RunService(
            "sealed", await shared.Images.TestApp(), new ServiceRequest { Secrets = new Dictionary<string, string> { ["DB"] = arn, ["DB_PASSWORD"] = $"{arn}:password::" } });
        (await Variable(platform, service, "DB_PASSWORD")).ShouldBe(Planted1);
        (await Variable(platform, service, "DB")).ShouldContain("\"user\":\"app\"");
        (await service.Describe()).ToJsonString().ShouldNotContain("planted");

        // A new value is deployed at once.
        (await platform.CliWithInput($$"""{"user":"app","password":"{{Planted2}}"}""", "secret", "put", "story/db")).ShouldSucceed();
        await Eventually.Get(() => Variable(platform, service, "DB_PASSWORD"), password => password == Planted2);
        await service.WaitForEvent("The secret story/db has a new value (DB, DB_PASSWORD): deploying what runs anew with it.");
        await Eventually.Get(service.Status, status => status == "RUNNING");

        // Or with the next deployment, and a rollback deploys the old image with it.
        await platform.Aws.Run("apprunner", "tag-resource", "--resource-arn", service.Arn, "--tags", "Key=sanbashi:secret-change,Value=wait");
        (await platform.CliWithInput($$"""{"user":"app","password":"{{Planted3}}"}""", "secret", "put", "story/db")).ShouldSucceed();
        (await Variable(platform, service, "DB_PASSWORD")).ShouldBe(Planted2);
        await service.WaitForOperation(await service.StartDeployment(), "SUCCEEDED");
        (await Variable(platform, service, "DB_PASSWORD")).ShouldBe(Planted3);
        await service.WaitForOperation(await service.Rollback(), "SUCCEEDED");
        (await Variable(platform, service, "DB_PASSWORD")).ShouldBe(Planted3);

        // The key changes, and nobody notices.
        (await platform.Cli("secret", "rotate-key")).ShouldSucceed();
        (await platform.Cli("secret", "show", "story/db", "--value")).ShouldSucceed().Output.ShouldContain(Planted3);
        (await Boto3(platform)).ShouldSucceed().Output.Trim().ShouldBe("app ResourceNotFoundException");

        // What cannot be read fails before anything starts, and says why.
        await service.WaitForOperation(
            await service.Update(await shared.Images.TestApp(), new ServiceRequest { Secrets = new Dictionary<string, string> { ["DB"] = $"{arn}:nothing::" } }), "ROLLBACK_SUCCEEDED");
        (await service.WaitForEvent("secretsmanager:GetSecretValue")).ShouldContain("its JSON has no key 'nothing'");
        (await Variable(platform, service, "DB_PASSWORD")).ShouldBe(Planted3);

        await ExpectNothingPlanted(platform);
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    [Fact]
    public async Task Parameters_WithTheAwsCommand_ReachAService()
    {
        Assert.SkipUnless(AwsCli.IsInstalled, "The aws command line is not installed.");
        var platform = await shared.Get();
        var aws = platform.Aws;
        await aws.Run("ssm", "put-parameter", "--name", "/story/db/password", "--type", "SecureString", "--value", "first", "--tags", "Key=team,Value=red");
        await aws.Run("ssm", "label-parameter-version", "--name", "/story/db/password", "--labels", "live");
        await aws.Run("ssm", "put-parameter", "--name", "/story/db/password", "--value", "second", "--overwrite");
        await aws.Run("ssm", "put-parameter", "--name", "/story/hosts", "--type", "StringList", "--value", "one,two");

        ((string)(await aws.Run("ssm", "get-parameter", "--name", "/story/db/password:live", "--with-decryption"))["Parameter"]!["Value"]!).ShouldBe("first");
        var below = await aws.Run("ssm", "get-parameters-by-path", "--path", "/story", "--recursive", "--with-decryption", "--page-size", "1");
        below["Parameters"]!.AsArray().Select(parameter => (string)parameter!["Value"]!).ShouldBe(["second", "one,two"]);
        (await aws.Run("ssm", "describe-parameters", "--parameter-filters", "Key=tag:team,Values=red"))["Parameters"]!.AsArray().ShouldHaveSingleItem();
        (await aws.Run("ssm", "get-parameter-history", "--name", "/story/db/password"))["Parameters"]!.AsArray().Count.ShouldBe(2);

        var service = await platform.Api.RunService(
            "parametric",
            await shared.Images.TestApp(),
            new ServiceRequest { Secrets = new Dictionary<string, string> { ["DB_PASSWORD"] = "/story/db/password", ["HOSTS"] = "arn:aws:ssm:local-1:000000000000:parameter/story/hosts" } });
        (await Variable(platform, service, "DB_PASSWORD")).ShouldBe("second");
        (await Variable(platform, service, "HOSTS")).ShouldBe("one,two");

        await aws.Run("ssm", "delete-parameters", "--names", "/story/db/password", "/story/hosts");
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    [Fact]
    public async Task Secret_AsAFile_IsSeenByTheApplicationAlone()
    {
        var platform = await shared.Get();
        var arn = (await platform.CliWithInput(Planted3, "secret", "create", "story/file")).ShouldSucceed().Output.Trim();

        var service = await platform.Api.RunService(
            "filed",
            await shared.Images.TestApp(),
            new ServiceRequest { Secrets = new Dictionary<string, string> { ["TOKEN"] = arn }, Settings = new Dictionary<string, string> { ["secrets-as"] = "files" } });

        (await Variable(platform, service, "TOKEN_FILE")).ShouldBe("/run/secrets/TOKEN");
        (await platform.Cli("svc", "exec", service.Name, "--", "busybox", "cat", "/run/secrets/TOKEN")).ShouldSucceed().Output.ShouldBe(Planted3);
        foreach (var container in await platform.EngineApi.Containers($"sanbashi.service={service.Id}"))
        {
            (await platform.EngineApi.Get($"containers/{container!["Id"]}/json")).ToJsonString().ShouldNotContain(Planted3);
        }

        await ExpectNothingPlanted(platform);
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    /// <summary>The SDK that most applications use, with the platform as its only endpoint.</summary>
    private static Task<CommandResult> Boto3(Platform platform)
    {
        const string Script = """
            import json, os, boto3, botocore
            client = boto3.client("secretsmanager", endpoint_url=os.environ["ENDPOINT"], region_name="local-1")
            user = json.loads(client.get_secret_value(SecretId="story/db")["SecretString"])["user"]
            try:
                client.get_secret_value(SecretId="story/none")
            except botocore.exceptions.ClientError as error:
                print(user, error.response["Error"]["Code"])
            """;
        var credential = CredentialsFile.Read(Path.Combine(platform.State, "credentials"));
        return Command.Run("/usr/bin/python3", ["-c", Script], new Dictionary<string, string?>
        {
            ["ENDPOINT"] = platform.ApiUrl.ToString(),
            ["AWS_ACCESS_KEY_ID"] = credential.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = credential.SecretAccessKey,
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
        });
    }

    /// <summary>Store, logs, events, temporary files, and the command lines of all processes.</summary>
    private static async Task ExpectNothingPlanted(Platform platform)
    {
        foreach (var value in new[] { Planted1, Planted2, Planted3, Convert.ToBase64String(Encoding.UTF8.GetBytes(Planted2))[..^4] })
        {
            platform.Output.ShouldNotContain(value);
            // All that is there but sockets; a file may go while it is looked for.
            var state = await Command.Run("/usr/bin/grep", ["-rlsa", "--devices=skip", "--", value, platform.State]);
            state.Output.ShouldBeEmpty();
            var temporary = await Command.Run("/usr/bin/grep", ["-lsa", "--devices=skip", "--directories=skip", "--", value, .. Directory.EnumerateFiles(Path.GetTempPath())]);
            temporary.Output.ShouldBeEmpty();
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0]) && Path.GetFileName(path) != $"{Environment.ProcessId}"))
            {
                CommandLine(process).ShouldNotContain(value, Case.Sensitive, process);
            }
        }
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            // It has just ended.
            return "";
        }
    }

    private static async Task<string> Variable(Platform platform, ServiceHandle service, string name) =>
        (string)JsonNode.Parse((await platform.Gateway.Get(service.Host, "/env")).Body)![name]!;
}
