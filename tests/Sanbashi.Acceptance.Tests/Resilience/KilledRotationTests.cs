using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;
using Sanbashi.ControlPlane.Tests.Secrets.Rotation;
using Sanbashi.Storage.Tests;
using Sanbashi.Wire;

namespace Sanbashi.Acceptance.Tests.Resilience;

/// <summary>kill -9 of the control plane at each commit of a rotation and of what follows: the secret opens the database, and the service has it.</summary>
[Collection(SerialTests.Name)]
public sealed class KilledRotationTests(SharedPlatform shared, PostgresServer server, ITestOutputHelper output) : IClassFixture<PostgresServer>, IAsyncLifetime
{
    private const string User = "kill-app";
    private const string Rotator = "arn:aws:lambda:local-1:000000000000:function:SecretsManagerRDSPostgreSQLRotationMultiUser";

    private readonly string _folder = Directory.CreateTempSubdirectory("sanbashi-rotation-").FullName;
    private Platform? _platform;

    private Platform Platform => _platform!;

    private string KillFile => Path.Combine(_folder, "kill");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(AwsCli.IsInstalled, "The aws command line is not installed.");
        await shared.Get();
        _platform = await Platform.Start(new PlatformOptions { Environment = new Dictionary<string, string> { ["SANBASHI_TEST_KILL_FILE"] = KillFile } });
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            await _platform.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ControlPlane_KilledAtEachStepOfARotation_EndsItAndTheServiceFollows()
    {
        var database = await PostgresTestDatabase.Create(server, User, "first-password");
        var master = await CreateSecret("kill/master", Login(database, database.Master.User, database.Master.Password, null));
        var secret = await CreateSecret("kill/db", Login(database, User, "first-password", master));
        var service = await Platform.Api.RunService(
            "rotated", await shared.Images.TestApp(), new ServiceRequest { Secrets = new Dictionary<string, string> { ["DB_USER"] = $"{secret}:username::", ["DB_PASSWORD"] = $"{secret}:password::" } });
        await using var load = await LoadGenerator.Start(Platform.Gateway.Address, service.Host);

        // The call, the four steps, and the deployment that follows.
        var before = "first-password";
        for (var commit = 1; commit <= 6; commit++)
        {
            await File.WriteAllTextAsync(KillFile, $"store {commit}", TestContext.Current.CancellationToken);
            await Platform.Aws.Try("secretsmanager", "rotate-secret", "--secret-id", "kill/db", "--rotation-lambda-arn", Rotator);

            var (user, password, _) = await Eventually.Get(
                () => WhatTheServiceHas(service), has => has.Password != before && has.IsRunning, expectation: $"the service has a new password, killed at commit {commit}");
            var current = await Eventually.Get(Current, value => value is not null);
            ((string)current!["username"]!, (string)current["password"]!).ShouldBe((user, password));
            (await database.LetsIn(user, password)).ShouldBeTrue();
            before = password;
            var said = File.Exists(KillFile) ? await File.ReadAllTextAsync(KillFile, TestContext.Current.CancellationToken) : "";
            output.WriteLine($"{commit}: {user}, {said}");
            said.ShouldStartWith("killed ");
        }

        await load.GoOn(200);
        var report = await load.Stop();
        output.WriteLine(report.ToString());
        report.ShouldHaveNoFailures();
    }

    private async Task<(string User, string Password, bool IsRunning)> WhatTheServiceHas(ServiceHandle service)
    {
        var variables = JsonNode.Parse((await Platform.Gateway.Get(service.Host, "/env")).Body)!;
        try
        {
            return ((string)variables["DB_USER"]!, (string)variables["DB_PASSWORD"]!, await service.Status() == "RUNNING");
        }
        catch (Exception away) when (away is HttpRequestException or ApiException)
        {
            // The control plane has just been killed.
            return ("", (string)variables["DB_PASSWORD"]!, false);
        }
    }

    /// <summary>Null while the control plane is away.</summary>
    private async Task<JsonNode?> Current()
    {
        var read = await Platform.Aws.Try("secretsmanager", "get-secret-value", "--secret-id", "kill/db", "--query", "SecretString");
        return read.ExitCode == 0 ? JsonNode.Parse((string)JsonNode.Parse(read.Output)!) : null;
    }

    private async Task<string> CreateSecret(string name, JsonObject value)
    {
        var path = Path.Combine(_folder, "value");
        await File.WriteAllTextAsync(path, value.ToJsonString(), TestContext.Current.CancellationToken);
        return (string)(await Platform.Aws.Run("secretsmanager", "create-secret", "--name", name, "--secret-string", $"file://{path}"))["ARN"]!;
    }

    private static JsonObject Login(PostgresTestDatabase database, string user, string password, string? master) => new()
    {
        ["engine"] = "postgres",
        ["host"] = "127.0.0.1",
        ["port"] = database.Port,
        ["username"] = user,
        ["password"] = password,
        ["dbname"] = database.Name,
        ["masterarn"] = master,
    };
}
