using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Sanbashi.Wire.Tests.Dispatch;

namespace Sanbashi.Wire.Tests.Client;

public sealed class AwsJsonClientTests
{
    private static readonly ServiceModel Sanbashi = ServiceModel.LoadEmbedded("sanbashi");

    [Fact]
    public async Task Call_BothWays_ReachesTheHandler()
    {
        var service = new ApiService(Sanbashi).Handle("DescribePlatform", (call, _) => Task.FromResult(new JsonObject { ["Region"] = call.Region }));
        await using var host = await WireHost.Start([service]);

        (await host.Client().Call(Sanbashi, "DescribePlatform", [], TestContext.Current.CancellationToken))["Region"]!.GetValue<string>().ShouldBe(WireHost.Region);
        (await host.Client(WireHost.Temporary).Call("Sanbashi", "sanbashi", "1.0", "DescribePlatform", [], TestContext.Current.CancellationToken))["Region"]!
            .GetValue<string>().ShouldBe(WireHost.Region);
    }

    [Fact]
    public async Task Call_Refused_ThrowsCodeAndMessage()
    {
        await using var host = await WireHost.Start([new ApiService(Sanbashi).Handle("RollbackService", WireHost.Answer([]))]);

        var refused = await Should.ThrowAsync<ApiException>(() => host.Client().Call(Sanbashi, "RollbackService", [], TestContext.Current.CancellationToken));

        refused.Code.ShouldBe("InvalidRequestException");
        refused.Message.ShouldContain("'serviceArn'");
    }

    [Fact]
    public async Task Call_AnsweredBySomethingElse_SaysSo()
    {
        await using var host = await WireHost.Start([], map: app => app.MapPost("/", () => Results.Text("<html>hello</html>", "text/html", statusCode: 502)));

        var refused = await Should.ThrowAsync<ApiException>(() => host.Client().Call(Sanbashi, "DescribePlatform", [], TestContext.Current.CancellationToken));

        refused.Code.ShouldBe(AwsJsonClient.UnexpectedAnswer);
        refused.Message.ShouldContain("status 502");
        refused.Message.ShouldContain("<html>hello</html>");
    }

    [Fact]
    public async Task Call_UnknownOperation_IsAMistakeOfTheCaller()
    {
        await using var host = await WireHost.Start([]);

        await Should.ThrowAsync<ArgumentException>(() => host.Client().Call(Sanbashi, "NoSuch", [], TestContext.Current.CancellationToken));
    }
}
