using System.Text.Json.Nodes;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Secrets.Rotation;

/// <summary>The same for every kind of database server.</summary>
public abstract class DatabaseRotationTests
{
    private const string OldPassword = "old-password";

    private static int _users;

    private readonly string _user = $"app{Interlocked.Increment(ref _users)}";

    private CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected abstract Task<ITestDatabase> Database(string user, string password);

    [Fact]
    public async Task SingleUser_Rotated_HasANewPasswordThatTheDatabaseKnows()
    {
        var database = await Database(_user, OldPassword);
        await using var lab = await RotationLab.Start();
        await lab.Create("db", Secret(database));

        var version = await lab.Rotate("db", Rotator(database, "SingleUser"));
        (await lab.Go()).ShouldBeNull();

        var (now, before, record) = (await lab.Value("db"), await lab.Value("db", SecretStages.Previous), await lab.Record("db"));
        ((string)now["username"]!, (string)now["dbname"]!, (int)now["port"]!, (string)before["password"]!).ShouldBe((_user, database.Name, database.Port, OldPassword));
        (record.FindStage(SecretStages.Current)!.Id, record.FindStage(SecretStages.Pending), record.Run).ShouldBe((version, null, null));
        record.RotatedAt.ShouldNotBeNull();
        (await database.LetsIn(_user, (string)now["password"]!), await database.LetsIn(_user, OldPassword)).ShouldBe((true, false));

        // Somebody has put back the password by hand, which the secret still knows.
        await database.ChangePassword(_user, OldPassword);
        await lab.Call("RotateSecret", new JsonObject { ["SecretId"] = "db" });
        await lab.Go();
        (await database.LetsIn(_user, (string)(await lab.Value("db"))["password"]!)).ShouldBeTrue();
    }

    [Fact]
    public async Task AlternatingUsers_RotatedAgainAndAgain_NeverRefuseWhoIsInUse()
    {
        var database = await Database(_user, OldPassword);
        await database.Execute(_user, OldPassword, "CREATE TABLE things (id int)");
        await using var lab = await RotationLab.Start();
        var master = await lab.Create("master", Login(database, database.Master.User, database.Master.Password));
        var secret = Secret(database);
        secret["masterarn"] = master;
        await lab.Create("db", secret);
        await lab.Rotate("db", Rotator(database, "MultiUser"));

        var users = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            var inUse = await lab.Value("db");
            await lab.Go();
            var next = await lab.Value("db");
            users.Add((string)next["username"]!);
            (await database.LetsIn((string)inUse["username"]!, (string)inUse["password"]!)).ShouldBeTrue();

            // What either makes, the other one may use.
            await database.Execute((string)next["username"]!, (string)next["password"]!, $"INSERT INTO things VALUES ({round}); CREATE TABLE more{round} (id int)");
            await database.Execute((string)inUse["username"]!, (string)inUse["password"]!, $"INSERT INTO more{round} VALUES (1)");
            await lab.Call("RotateSecret", new JsonObject { ["SecretId"] = "db" });
        }

        users.ShouldBe([_user + "_clone", _user, _user + "_clone", _user]);
    }

    /// <summary>Before and after every commit of a rotation: the next process ends it, and the secret opens the database.</summary>
    [Theory]
    [InlineData("SingleUser")]
    [InlineData("MultiUser")]
    public async Task Process_KilledAtAnyStep_IsSucceededByOneThatEndsTheRotation(string strategy)
    {
        var database = await Database(_user, OldPassword);
        await using var lab = await RotationLab.Start();
        var secret = Secret(database);
        secret["masterarn"] = await lab.Create("master", Login(database, database.Master.User, database.Master.Password));
        await lab.Create("db", secret);

        for (var crash = 1; ; crash++)
        {
            var version = await lab.Rotate("db", Rotator(database, strategy));
            var store = new CrashingStore(lab.Store, (crash + 1) / 2, isWritten: crash % 2 == 0);
            lab.Restart(store);
            await lab.Runner.Pass(Cancelled);
            await lab.Runner.Settled();
            lab.Restart();
            await lab.Go();

            var now = await lab.Value("db");
            (await lab.Record("db")).FindStage(SecretStages.Current)!.Id.ShouldBe(version, $"crash {crash}");
            (await database.LetsIn((string)now["username"]!, (string)now["password"]!)).ShouldBeTrue($"crash {crash}");
            if (!store.HasCrashed)
            {
                crash.ShouldBe((4 * 2) + 1);
                break;
            }
        }
    }

    [Fact]
    public async Task Rotation_ThatTheDatabaseRefuses_IsTriedAgainAndReported()
    {
        var database = await Database(_user, OldPassword);
        await using var lab = await RotationLab.Start();
        var secret = Secret(database);
        secret["password"] = "wrong";
        await lab.Create("db", secret);
        var version = await lab.Rotate("db", Rotator(database, "SingleUser"));

        foreach (var pause in RotationPlanner.Pauses)
        {
            (await lab.Go()).ShouldNotBeNull();
            (await lab.Record("db")).Run!.Failure!.ShouldContain($"refuses {_user} with the secret's current and its previous password");
            (await Should.ThrowAsync<ApiException>(() => lab.Call("RotateSecret", new JsonObject { ["SecretId"] = "db" }))).Message.ShouldStartWith("A previous rotation isn't complete.");
            lab.Time.Advance(pause);
        }

        (await lab.Go()).ShouldBeNull();
        var run = (await lab.Record("db")).Run!;
        (run.HasGivenUp, run.Step).ShouldBe((true, RotationStep.SetSecret));
        ((string)(await lab.Value("db"))["password"]!).ShouldBe("wrong");

        // Once the cause is gone, the next rotation goes on with the same version.
        await database.ChangePassword(_user, "wrong");
        ((string)(await lab.Call("RotateSecret", new JsonObject { ["SecretId"] = "db" }))["VersionId"]!).ShouldBe(version);
        await lab.Go();
        (await database.LetsIn(_user, (string)(await lab.Value("db"))["password"]!)).ShouldBeTrue();
    }

    private JsonObject Secret(ITestDatabase database) => Login(database, _user, OldPassword);

    private static JsonObject Login(ITestDatabase database, string user, string password) => new()
    {
        ["engine"] = "any",
        ["host"] = "127.0.0.1",
        ["port"] = database.Port,
        ["username"] = user,
        ["password"] = password,
        ["dbname"] = database.Name,
    };

    private static string Rotator(ITestDatabase database, string strategy) => $"arn:aws:lambda:local-1:000000000000:function:{database.Function}{strategy}";
}
