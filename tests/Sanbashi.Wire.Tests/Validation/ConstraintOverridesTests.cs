using System.Text;
using System.Text.Json.Nodes;
using Sanbashi.Wire.Tests.Dispatch;

namespace Sanbashi.Wire.Tests.Validation;

/// <summary>Where the checks differ from the model's words on purpose.</summary>
public sealed class ConstraintOverridesTests
{
    private static readonly ServiceModel AppRunner = ServiceModel.LoadEmbedded("apprunner");

    [Theory]
    [InlineData("app")]
    [InlineData("app:1")]
    [InlineData("team/app:v1.2_3-rc")]
    [InlineData("localhost:5000/app:1")]
    [InlineData("ghcr.io/team/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("Registry.Example.com/app:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("[::1]:5000/app")]
    [InlineData("public.ecr.aws/aws-containers/hello-app-runner:latest")]
    [InlineData("123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app:1")]
    [InlineData("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void ImageIdentifier_AnyOciReference_IsAccepted(string image)
    {
        Create(image).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("App:1")]
    [InlineData("app:")]
    [InlineData("app:-1")]
    [InlineData("/app")]
    [InlineData("app//b")]
    [InlineData("app 1")]
    [InlineData("app:1\n")]
    [InlineData("app@sha256:12")]
    [InlineData("http://example.com/app")]
    [InlineData("app@")]
    public void ImageIdentifier_NoReference_IsRefusedInWords(string image)
    {
        Should.Throw<ApiException>(() => Create(image)).Message.ShouldEndWith(
            "Member must be an image reference such as app:1, registry.example.com/team/app:1 or app@sha256:<64 hex digits>");
    }

    [Fact]
    public void ImageIdentifier_Hostile_IsAnsweredAtOnce()
    {
        var image = string.Concat(Enumerable.Repeat("a-", 511)) + "!";

        Should.Throw<ApiException>(() => Create(image)).Message.ShouldContain("Member must be an image reference");
    }

    [Theory]
    [InlineData("1x25 vCPU")]
    [InlineData("0x25 vCPU")]
    [InlineData("0.25 VCPU")]
    [InlineData("1024 ")]
    public void Cpu_OutsideTheList_IsRefused(string cpu)
    {
        Should.Throw<ApiException>(() => InputPipeline.Read(
                AppRunner,
                "UpdateService",
                $$$"""{"ServiceArn": "arn:aws:apprunner:local-1:000000000000:service/a/b", "InstanceConfiguration": {"Cpu": "{{{cpu}}}"}}"""))
            .Message.ShouldContain("Member must satisfy enum value set: [256, 512, 1024, 2048, 4096, 0.25 vCPU, 0.5 vCPU, 1 vCPU, 2 vCPU, 4 vCPU]");
    }

    [Fact]
    public void UpdateService_OnlyThePort_NeedsNoImage()
    {
        const string Source = """{"ServiceArn": "arn:aws:apprunner:local-1:000000000000:service/a/b", "ServiceName": "shop", "SourceConfiguration": {"ImageRepository": {"ImageConfiguration": {"Port": "80"}}}}""";

        InputPipeline.Read(AppRunner, "UpdateService", Source)["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"]!["Port"]!
            .GetValue<string>().ShouldBe("80");
        Should.Throw<ApiException>(() => InputPipeline.Read(AppRunner, "CreateService", Source)).Message.ShouldStartWith("2 validation errors detected");
    }

    [Fact]
    public void Variables_OfSeveralLines_AreAccepted()
    {
        var input = new JsonObject
        {
            ["ServiceArn"] = "arn:aws:apprunner:local-1:000000000000:service/a/b",
            ["SourceConfiguration"] = JsonNode.Parse("""{"ImageRepository": {"ImageConfiguration": {"RuntimeEnvironmentVariables": {"KEY": "-----BEGIN\nabc\n-----END\n"}}}}"""),
        };

        InputPipeline.Read(AppRunner, "UpdateService", input.ToJsonString()).ToJsonString().ShouldContain("BEGIN");
    }

    [Fact]
    public void Word_InPatterns_IsAscii()
    {
        Should.Throw<ApiException>(() => InputPipeline.Read(AppRunner, "DescribeService", """{"ServiceArn": "arn:aws:apprunner:local-1:000000000000:service/é/1"}"""));
    }

    [Fact]
    public async Task Service_Hooks_AddToTheModelsOverrides()
    {
        var service = new ApiService(AppRunner)
            .Constrain("ServiceName", new ConstraintOverride { Check = name => name.StartsWith('x') ? null : "Member must start with x" })
            .Optional("DescribeService", "DescribeServiceRequest", "ServiceArn")
            .Handle("DescribeService", WireHost.Answer(new JsonObject { ["Service"] = SampleAnswers.Service()["Service"]!.DeepClone() }))
            .Unavailable(["CreateService"], "InvalidRequestException", operation => $"{operation} is not available in this version.");
        await using var host = await WireHost.Start([service]);
        var client = host.Client();

        (await client.Call(AppRunner, "DescribeService", [], TestContext.Current.CancellationToken)).ShouldContainKey("Service");
        var input = JsonNode.Parse("""{"ServiceName": "shop", "SourceConfiguration": {}}""")!.AsObject();
        (await Should.ThrowAsync<ApiException>(() => client.Call(AppRunner, "CreateService", input)))
            .Message.ShouldBe("1 validation error detected: Value 'shop' at 'serviceName' failed to satisfy constraint: Member must start with x");
        input["ServiceName"] = "xshop";
        (await Should.ThrowAsync<ApiException>(() => client.Call(AppRunner, "CreateService", input)))
            .Message.ShouldBe("CreateService is not available in this version.");
    }

    [Fact]
    public void Overrides_WithAnUnknownPart_AreRefused()
    {
        Should.Throw<InvalidDataException>(() => ConstraintOverrides.Parse(new MemoryStream(Encoding.UTF8.GetBytes("""{"shape": {}}"""))));
    }

    private static JsonObject Create(string image)
    {
        var input = JsonNode.Parse("""{"ServiceName": "shop", "SourceConfiguration": {"ImageRepository": {"ImageRepositoryType": "ECR"}}}""")!.AsObject();
        input["SourceConfiguration"]!["ImageRepository"]!["ImageIdentifier"] = image;
        return InputPipeline.Read(AppRunner, "CreateService", input.ToJsonString());
    }
}
