using System.Text.Json.Nodes;

namespace Sanbashi.Wire.Tests.Dispatch;

/// <summary>The three protocols as the real client speaks them.</summary>
public sealed class AwsCliTests
{
    [Fact]
    public async Task Json10_CreateService_ArrivesAsSentAndAnswersByShape()
    {
        ApiCall? seen = null;
        var service = new ApiService(ServiceModel.LoadEmbedded("apprunner")).Handle("CreateService", (call, _) =>
        {
            seen = call;
            return Task.FromResult(SampleAnswers.Service());
        });
        await using var host = await WireHost.Start([service]);

        var (exit, output, error) = await AwsCli.Run(
            host.Endpoint,
            WireHost.Root,
            "apprunner",
            "create-service",
            "--service-name",
            "shop-é",
            "--source-configuration",
            """{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR","ImageConfiguration":{"Port":"8080","RuntimeEnvironmentVariables":{"GREETING":"räksmörgås ☕\nline two"}}}}""",
            "--tags",
            "Key=sanbashi:min-size,Value=0");

        // The name breaks the model's pattern; everything else about the call is right.
        exit.ShouldNotBe(0);
        output.ShouldBeEmpty();
        error.ShouldContain("InvalidRequestException");
        error.ShouldContain("1 validation error detected: Value 'shop-é' at 'serviceName'");
        seen.ShouldBeNull();

        (exit, output, error) = await AwsCli.Run(
            host.Endpoint,
            WireHost.Root,
            "apprunner",
            "create-service",
            "--service-name",
            "shop",
            "--source-configuration",
            """{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR","ImageConfiguration":{"Port":"8080","RuntimeEnvironmentVariables":{"GREETING":"räksmörgås ☕\nline two"}}}}""",
            "--tags",
            "Key=sanbashi:min-size,Value=0");

        error.ShouldBeEmpty();
        exit.ShouldBe(0);
        seen.ShouldNotBeNull();
        seen.Region.ShouldBe(WireHost.Region);
        seen.Account.ShouldBe(WireHost.Root.Account);
        seen.AccessKeyId.ShouldBe(WireHost.Root.AccessKeyId);
        seen.Input["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"]!["RuntimeEnvironmentVariables"]!["GREETING"]!
            .GetValue<string>().ShouldBe("räksmörgås ☕\nline two");
        var answer = JsonNode.Parse(output)!;
        answer["Service"]!["ServiceName"]!.GetValue<string>().ShouldBe("shop");
        DateTimeOffset.Parse(answer["Service"]!["CreatedAt"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)
            .ToUnixTimeMilliseconds().ShouldBe(1_700_000_000_123);
    }

    [Fact]
    public async Task Json11_FilterLogEvents_AnswersInVersion11()
    {
        var service = new ApiService(ServiceModel.LoadEmbedded("logs")).Handle("FilterLogEvents", (call, _) =>
        {
            call.Input["startTime"]!.GetValue<long>().ShouldBe(1_700_000_000_000);
            return Task.FromResult(new JsonObject
            {
                ["events"] = new JsonArray(new JsonObject { ["message"] = "hello", ["timestamp"] = 1_700_000_000_500, ["eventId"] = "1" }),
                ["searchedLogStreams"] = new JsonArray(),
            });
        });
        await using var host = await WireHost.Start([service]);

        var (exit, output, error) = await AwsCli.Run(
            host.Endpoint, WireHost.Temporary, "logs", "filter-log-events", "--log-group-name", "/aws/apprunner/shop/1/service", "--start-time", "1700000000000");

        error.ShouldBeEmpty();
        exit.ShouldBe(0);
        JsonNode.Parse(output)!["events"]![0]!["message"]!.GetValue<string>().ShouldBe("hello");

        (exit, _, error) = await AwsCli.Run(host.Endpoint, WireHost.Root, "logs", "filter-log-events", "--log-group-name", "not allowed");
        exit.ShouldNotBe(0);
        error.ShouldContain("InvalidParameterException");
        error.ShouldContain("'logGroupName'");
    }

    [Fact]
    public async Task Query_GetCallerIdentity_AnswersXml()
    {
        var service = new ApiService(ServiceModel.LoadEmbedded("sts")).Handle("GetCallerIdentity", (call, _) => Task.FromResult(new JsonObject
        {
            ["Account"] = call.Account,
            ["Arn"] = $"arn:aws:iam::{call.Account}:root",
            ["UserId"] = "<root> & \"co\"",
        }));
        await using var host = await WireHost.Start([service]);

        var (exit, output, error) = await AwsCli.Run(host.Endpoint, WireHost.Root, "sts", "get-caller-identity");

        error.ShouldBeEmpty();
        exit.ShouldBe(0);
        JsonNode.Parse(output)!["Account"]!.GetValue<string>().ShouldBe("000000000000");
        JsonNode.Parse(output)!["UserId"]!.GetValue<string>().ShouldBe("<root> & \"co\"");
    }

    [Fact]
    public async Task WrongCredentials_AnyProtocol_AreRefusedWithAwssOwnErrors()
    {
        await using var host = await WireHost.Start(
        [
            new ApiService(ServiceModel.LoadEmbedded("apprunner")).Handle("ListServices", WireHost.Answer([])),
            new ApiService(ServiceModel.LoadEmbedded("sts")).Handle("GetCallerIdentity", WireHost.Answer([])),
        ]);

        (await AwsCli.Run(host.Endpoint, WireHost.Root with { SecretAccessKey = "wrong" }, "apprunner", "list-services"))
            .Error.ShouldContain("(InvalidSignatureException)");
        (await AwsCli.Run(host.Endpoint, WireHost.Root with { AccessKeyId = "AKIDNOBODY" }, "apprunner", "list-services"))
            .Error.ShouldContain("The security token included in the request is invalid.");
        (await AwsCli.Run(host.Endpoint, WireHost.Root with { SecretAccessKey = "wrong" }, "sts", "get-caller-identity"))
            .Error.ShouldContain("(SignatureDoesNotMatch)");
        (await AwsCli.Run(host.Endpoint, WireHost.Root with { AccessKeyId = "AKIDNOBODY" }, "sts", "get-caller-identity"))
            .Error.ShouldContain("(InvalidClientTokenId)");
        (await AwsCli.Run(host.Endpoint, WireHost.Temporary with { SessionToken = "other" }, "apprunner", "list-services"))
            .Error.ShouldContain("(UnrecognizedClientException)");
    }
}
