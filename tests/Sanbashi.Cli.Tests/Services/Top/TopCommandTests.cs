using System.Text.Json.Nodes;

namespace Sanbashi.Cli.Tests.Services.Top;

public sealed class TopCommandTests
{
    private const string Answer = """
        {"Timestamp":1000.5,"Services":[{"ServiceName":"web","Status":"RUNNING","WindowSeconds":10,"RequestsPerSecond":12.5,"ServerErrorsPerSecond":0.5,
         "LatencyP95":80.1,"InFlight":3,"Waiting":0,"ActiveInstances":2,"FrozenInstances":0,"OtherInstances":0,"CpuPercent":23.4,"RequestHistory":[1,2,3]}]}
        """;

    [Fact]
    public async Task Top_AsJson_IsWhatThePlatformSays()
    {
        await using var platform = await FakePlatform.Start();
        platform.Answer("Sanbashi.GetLiveMetrics", Answer);

        var run = await platform.Run("svc", "top", "--json");

        run.ExitCode.ShouldBe(0, run.Error);
        JsonNode.DeepEquals(JsonNode.Parse(run.Out), JsonNode.Parse(Answer)).ShouldBeTrue(run.Out);
        platform.Input("Sanbashi.GetLiveMetrics").ShouldBeEmpty();
    }

    [Fact]
    public async Task Top_IntoAPipe_IsATableOfThisMoment()
    {
        await using var platform = await FakePlatform.Start();
        platform.WithService().Answer("Sanbashi.GetLiveMetrics", Answer);

        var run = await platform.Run("svc", "top", "web");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldContain("REQ/S");
        run.Out.ShouldContain("80ms");
        run.Out.ShouldContain("23%");
        ((string?)platform.Input("Sanbashi.GetLiveMetrics")["ServiceArn"]).ShouldNotBeNull().ShouldContain("service/web/");
    }

    [Fact]
    public async Task Top_OfAServiceThatIsNotThere_SaysWhichThereAre()
    {
        await using var platform = await FakePlatform.Start();
        platform.WithService();

        var run = await platform.Run("svc", "top", "shop");

        run.ExitCode.ShouldBe(ExitCodes.NotFound);
        run.Error.ShouldContain("There are: web");
    }
}
