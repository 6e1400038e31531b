using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Secrets.Rotation.Databases;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Tests.Secrets.Rotation;

public sealed class RotatorTests
{
    private static readonly string[] _steps = ["createSecret", "setSecret", "testSecret", "finishSecret"];

    [Fact]
    public async Task Endpoint_ThatAnswersAValue_GetsTheFourSteps()
    {
        var (asked, status) = (new List<JsonObject>(), HttpStatusCode.OK);
        await using var endpoint = await Endpoint(async context =>
        {
            asked.Add((await JsonNode.ParseAsync(context.Request.Body))!.AsObject());
            context.Response.StatusCode = (int)status;
            await context.Response.WriteAsync((string?)asked[^1]["Step"] == "createSecret" ? """{"SecretString":"{\"token\":\"new\"}"}""" : "null");
        });
        var url = Address(endpoint) + "rotate";
        await using var lab = await RotationLab.Start(Address(endpoint));
        var arn = await lab.Create("api", new JsonObject { ["token"] = "old" });

        var version = await lab.Rotate("api", url);
        await lab.Go();

        asked.Select(step => (string)step["Step"]!).ShouldBe(_steps);
        asked.ShouldAllBe(step => (string)step["SecretId"]! == arn && (string)step["ClientRequestToken"]! == version);
        ((string)(await lab.Value("api"))["token"]!).ShouldBe("new");

        status = HttpStatusCode.BadGateway;
        await lab.Rotate("api", url);
        await lab.Go();
        (await lab.Record("api")).Run!.Failure!.ShouldContain("answered 502");
        ((string)(await lab.Value("api"))["token"]!).ShouldBe("new");
    }

    /// <summary>As AWS's templates do it: the function reads and writes the secret itself.</summary>
    [Fact]
    public async Task Endpoint_ThatWritesTheSecretItself_IsNotOverwritten()
    {
        RotationLab? lab = null;
        await using var endpoint = await Endpoint(async context =>
        {
            var step = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
            var (id, token) = ((string)step["SecretId"]!, (string)step["ClientRequestToken"]!);
            switch ((string?)step["Step"])
            {
                case "createSecret":
                    await lab!.Call("PutSecretValue", new JsonObject
                    {
                        ["SecretId"] = id, ["ClientRequestToken"] = token, ["SecretString"] = """{"token":"own"}""", ["VersionStages"] = new JsonArray(SecretStages.Pending),
                    });
                    break;
                case "finishSecret":
                    var current = (await lab!.Record("api")).FindStage(SecretStages.Current)!.Id;
                    await lab.Call("UpdateSecretVersionStage", new JsonObject
                    {
                        ["SecretId"] = id, ["VersionStage"] = SecretStages.Current, ["MoveToVersionId"] = token, ["RemoveFromVersionId"] = current,
                    });
                    break;
            }
        });
        lab = await RotationLab.Start(Address(endpoint));
        await using var _ = lab;
        await lab.Create("api", new JsonObject { ["token"] = "old" });

        var version = await lab.Rotate("api", Address(endpoint));
        await lab.Go();

        var record = await lab.Record("api");
        (record.FindStage(SecretStages.Current)!.Id, record.FindStage(SecretStages.Pending), record.Run).ShouldBe((version, null, null));
        ((string)(await lab.Value("api"))["token"]!, (string)(await lab.Value("api", SecretStages.Previous))["token"]!).ShouldBe(("own", "old"));
    }

    [Fact]
    public async Task Program_OfTheOperator_GetsStepsAndValuesOnItsInput()
    {
        var folder = Directory.CreateTempSubdirectory("sanbashi-rotator-");
        try
        {
            var (program, trace) = (Path.Combine(folder.FullName, "rotate"), Path.Combine(folder.FullName, "trace"));
            await File.WriteAllTextAsync(
                program,
                $$"""
                #!/bin/sh
                input=$(cat)
                printf "%s\\n" "$input" >> {{trace}}
                case "$input" in *createSecret*) echo '{"token":"made"}';; *testSecret*) [ -e {{folder.FullName}}/ready ] || exit 3;; esac
                """,
                TestContext.Current.CancellationToken);
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            await using var lab = await RotationLab.Start(folder.FullName);
            await lab.Create("tool", new JsonObject { ["token"] = "old" });

            await lab.Rotate("tool", program);
            await lab.Go();
            (await lab.Record("tool")).Run!.Failure!.ShouldContain("ended with 3 in the step testSecret");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ready"), "", TestContext.Current.CancellationToken);
            lab.Time.Advance(RotationPlanner.Pauses[0]);
            await lab.Go();

            ((string)(await lab.Value("tool"))["token"]!).ShouldBe("made");
            var steps = (await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken)).Select(line => JsonNode.Parse(line)!).ToList();
            steps.Select(step => (string)step["Step"]!).ShouldBe(["createSecret", "setSecret", "testSecret", "testSecret", "finishSecret"]);
            ((string)steps[1]["CurrentSecretString"]!, (string)steps[1]["PendingSecretString"]!).ShouldBe(("""{"token":"old"}""", """{"token":"made"}"""));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Schedule_ThatIsDue_RotatesAgainAndAgain()
    {
        var count = 0;
        await using var endpoint = await Endpoint(async context =>
        {
            var step = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
            await context.Response.WriteAsync((string?)step["Step"] == "createSecret" ? $$"""{"SecretString":"{\"token\":\"{{++count}}\"}"}""" : "");
        });
        await using var lab = await RotationLab.Start(Address(endpoint));
        await lab.Create("timed", new JsonObject { ["token"] = "0" });
        await lab.Rotate("timed", Address(endpoint), """{"ScheduleExpression":"rate(4 hours)"}""");
        await lab.Go();

        for (var round = 2; round <= 4; round++)
        {
            (await lab.Go()).ShouldNotBeNull();
            ((string)(await lab.Value("timed"))["token"]!).ShouldBe($"{round - 1}");
            lab.Time.Advance(TimeSpan.FromHours(4));
            await lab.Go();
            ((string)(await lab.Value("timed"))["token"]!).ShouldBe($"{round}");
        }

        await lab.Call("CancelRotateSecret", new JsonObject { ["SecretId"] = "timed" });
        (await lab.Go()).ShouldBeNull();
    }

    /// <summary>RFC 7677's example.</summary>
    [Fact]
    public void Verifier_OfAPassword_IsThatOfTheStandard()
    {
        ScramVerifier.Of("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="))
            .ShouldBe("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
    }

    private static async Task<WebApplication> Endpoint(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var endpoint = builder.Build();
        endpoint.Run(answer);
        await endpoint.StartAsync();
        return endpoint;
    }

    private static string Address(WebApplication endpoint) => endpoint.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/";
}
