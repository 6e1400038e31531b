using System.Text.Json.Nodes;
using Sanbashi.Cli.Services;

namespace Sanbashi.Cli.Tests.Services;

public sealed class UpdateSourceTests
{
    private static readonly JsonObject _service = JsonNode.Parse("""
        {"ServiceName":"web","SourceConfiguration":{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR_PUBLIC",
          "ImageConfiguration":{"Port":"80","RuntimeEnvironmentVariables":{"A":"1","B":"2"}}}}}
        """)!.AsObject();

    [Fact]
    public void Source_NothingGiven_StaysUntouched() => UpdateCommand.Source(_service, null, [], Variables(), [], []).ShouldBeNull();

    [Fact]
    public void Source_OtherImage_KeepsTheRest()
    {
        var repository = UpdateCommand.Source(_service, "app:2", [], Variables(), [], [])!["ImageRepository"]!;

        ((string?)repository["ImageIdentifier"]).ShouldBe("app:2");
        repository["ImageConfiguration"]!.ToJsonString().ShouldBe(_service["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"]!.ToJsonString());
    }

    [Fact]
    public void Source_Variables_AreLaidOverThoseThere() =>
        UpdateCommand.Source(_service, null, [], Variables(("B", "3"), ("C", "4")), [], ["A"])!["ImageRepository"]!["ImageConfiguration"]!["RuntimeEnvironmentVariables"]!
            .ToJsonString().ShouldBe("""{"B":"3","C":"4"}""");

    [Fact]
    public void Source_UnknownVariableTakenAway_NamesThoseThere() =>
        Should.Throw<CliException>(() => UpdateCommand.Source(_service, null, [], Variables(), [], ["X"])).Message.ShouldContain("It has: A, B.");

    [Fact]
    public void Source_AVariableThatBecomesASecret_IsNoPlainOneAnyMore()
    {
        var configuration = UpdateCommand.Source(_service, null, [], Variables(), new JsonObject { ["A"] = "arn:x" }, [])!["ImageRepository"]!["ImageConfiguration"]!;

        configuration["RuntimeEnvironmentVariables"]!.ToJsonString().ShouldBe("""{"B":"2"}""");
        configuration["RuntimeEnvironmentSecrets"]!.ToJsonString().ShouldBe("""{"A":"arn:x"}""");
    }

    private static Dictionary<string, string> Variables(params (string Key, string Value)[] pairs) => pairs.ToDictionary(pair => pair.Key, pair => pair.Value);
}
