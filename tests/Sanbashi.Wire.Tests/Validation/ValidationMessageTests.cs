using System.Text.Json.Nodes;
using Sanbashi.Wire.Tests.ServiceModels;

namespace Sanbashi.Wire.Tests.Validation;

public sealed class ValidationMessageTests
{
    private static readonly ServiceModel AppRunner = ServiceModel.LoadEmbedded("apprunner");

    [Fact]
    public void SeveralProblems_AreToldInOneMessage()
    {
        var refused = Refusal("CreateAutoScalingConfiguration", """{"AutoScalingConfigurationName": "a b", "MaxConcurrency": 201, "MinSize": 0}""");

        refused.Message.ShouldBe(
            "4 validation errors detected: "
            + "Value 'a b' at 'autoScalingConfigurationName' failed to satisfy constraint: Member must have length greater than or equal to 4; "
            + @"Value 'a b' at 'autoScalingConfigurationName' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9][A-Za-z0-9\-_]{3,31}; "
            + "Value '201' at 'maxConcurrency' failed to satisfy constraint: Member must have value less than or equal to 200; "
            + "Value '0' at 'minSize' failed to satisfy constraint: Member must have value greater than or equal to 1");
    }

    [Fact]
    public void MissingMember_IsNull()
    {
        Refusal("DescribeService", "{}").Message.ShouldBe(
            "1 validation error detected: Value null at 'serviceArn' failed to satisfy constraint: Member must not be null");
    }

    [Fact]
    public void MoreThanFits_IsCounted()
    {
        var tags = new JsonArray([.. Enumerable.Range(0, 20).Select(_ => new JsonObject { ["Key"] = "", ["Value"] = new string('v', 300) })]);

        var message = Refusal("TagResource", new JsonObject { ["ResourceArn"] = "x", ["Tags"] = tags }.ToJsonString()).Message;

        message.Length.ShouldBeLessThanOrEqualTo(600);
        message.ShouldStartWith("32 validation errors detected: Value 'x' at 'resourceArn'");
        message.ShouldMatch(@"; and [0-9]+ more\z");
    }

    [Fact]
    public void LongValue_IsCut()
    {
        var refused = Refusal("CreateConnection", $$"""{"ConnectionName": "{{new string('x', 5000)}}", "ProviderType": "GITHUB"}""");

        refused.Message.ShouldContain($"Value '{new string('x', 57)}...' at 'connectionName'");
    }

    [Fact]
    public void SensitiveValues_AreNeverQuoted()
    {
        var refused = Refusal("CreateService", """
            {"ServiceName": "shop", "SourceConfiguration": {"ImageRepository": {"ImageIdentifier": "app:1", "ImageRepositoryType": "ECR",
             "ImageConfiguration": {"StartCommand": "run --password hunter2\n", "RuntimeEnvironmentVariables": {"": "hunter2"},
             "RuntimeEnvironmentSecrets": {"PASSWORD_hunter2": ""}}}}}
            """);

        refused.Message.ShouldNotContain("hunter2");
        refused.Message.ShouldStartWith("3 validation errors detected: ");
        refused.Message.ShouldContain("Value at 'sourceConfiguration.imageRepository.imageConfiguration.startCommand' failed");
        refused.Message.ShouldContain("Value at 'sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentSecrets.1.value' failed");

        Should.Throw<ApiException>(() => InputPipeline.Read(ToyModel.Json, "PutThing", """{"Name": "abc", "Secret": {"hunter2": 1}, "Secrets": {"1": 2, "hunter2": []}}"""))
            .Message.ShouldNotContain("hunter2");
        Should.Throw<ApiException>(() => InputPipeline.Read(ToyModel.Json, "PutThing", """{"Name": "abc", "Secret": "hunter2"""))
            .Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public void Lengths_CountCharactersNotUtf16Units()
    {
        const string Rockets = "🚀🚀🚀🚀🚀";
        InputPipeline.Read(ToyModel.Json, "PutThing", $$"""{"Name": "ééééé"}""")["Name"]!.GetValue<string>().ShouldBe("ééééé");
        Should.Throw<ApiException>(() => InputPipeline.Read(ToyModel.Json, "PutThing", $$"""{"Name": "{{Rockets}}x"}"""))
            .Message.ShouldContain("length less than or equal to 5");
    }

    [Fact]
    public void OtherConstraints_AreChecked()
    {
        Broken("""{"Name": "abc", "Ratio": 1.01}""").ShouldContain("Value '1.01' at 'ratio' failed to satisfy constraint: Member must have value less than or equal to 1");
        Broken("""{"Name": "abc", "Ratio": 1e300}""").ShouldContain("'ratio'");
        Broken("""{"Name": "abc", "Data": ""}""").ShouldContain("'data' failed to satisfy constraint: Member must have length greater than or equal to 1");
        Broken("""{"Name": "abc", "Data": "AAAAAA=="}""").ShouldContain("less than or equal to 3");
        Broken("""{"Name": "abc", "Choice": {}}""").ShouldContain("'choice' failed to satisfy constraint: Member must have exactly one member set");
        Broken("""{"Name": "abc", "Choice": {"A": "", "B": ""}}""").ShouldContain("'choice'");
        Broken("""{"Name": "abc", "Labels": {"aa": "", "bb": "", "cc": ""}}""").ShouldContain("'labels' failed to satisfy constraint: Member must have length less than or equal to 2");
        Broken("""{"Name": "abc", "Labels": {"A1": ""}}""").ShouldContain("Value 'A1' at 'labels' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy");
        Broken("""{"Name": "abc", "Inner": {"Deeper": {"Id": "x"}}}""").ShouldContain("Value 'x' at 'inner.deeper.id'");

        static string Broken(string json) => Should.Throw<ApiException>(() => InputPipeline.Read(ToyModel.Json, "PutThing", json)).Message;
    }

    private static ApiException Refusal(string operation, string json) =>
        Should.Throw<ApiException>(() => InputPipeline.Read(AppRunner, operation, json));
}
