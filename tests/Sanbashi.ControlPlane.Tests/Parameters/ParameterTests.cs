using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Tests.Secrets;

namespace Sanbashi.ControlPlane.Tests.Parameters;

public sealed class ParameterTests(SecretsHost host) : IClassFixture<SecretsHost>
{
    private readonly SecretsClient _client = host.NewRegion();

    [Fact]
    public async Task PutParameter_OneVersionAfterTheOther_AreAllThere()
    {
        var put = await Put("/shop/db", "one");
        ((long)put["Version"]!, (string)put["Tier"]!).ShouldBe((1, "Standard"));
        (await Refused("PutParameter", """{"Name":"/shop/db","Value":"two","Type":"String"}""", "ParameterAlreadyExists")).ShouldStartWith("The parameter already exists.");
        ((long)(await _client.Ssm("PutParameter", """{"Name":"/shop/db","Value":"two","Overwrite":true,"Description":"d"}"""))["Version"]!).ShouldBe(2);

        var got = await Get("/shop/db");
        ((string)got["Value"]!, (string)got["Type"]!, (long)got["Version"]!, (string)got["DataType"]!).ShouldBe(("two", "String", 2, "text"));
        ((string)got["ARN"]!).ShouldBe($"arn:aws:ssm:{_client.Region}:000000000000:parameter/shop/db");
        got.ContainsKey("Selector").ShouldBeFalse();
        var first = await Get("/shop/db:1");
        ((string)first["Value"]!, (string)first["Selector"]!, (string)first["Name"]!).ShouldBe(("one", ":1", "/shop/db"));
        ((string)(await Get((string)got["ARN"]! + ":1"))["Value"]!).ShouldBe("one");
        (await Refused("GetParameter", """{"Name":"/shop/db:7"}""", "ParameterVersionNotFound"))
            .ShouldBe("Systems Manager could not find version 7 of /shop/db. Verify the version and try again.");
        await Refused("GetParameter", """{"Name":"/shop/none"}""", "ParameterNotFound");

        var history = (await _client.Ssm("GetParameterHistory", """{"Name":"/shop/db","MaxResults":1}"""));
        ((string)history["Parameters"]![0]!["Value"]!).ShouldBe("one");
        history = await _client.Ssm("GetParameterHistory", $$"""{"Name":"/shop/db","MaxResults":1,"NextToken":"{{history["NextToken"]}}"}""");
        ((string)history["Parameters"]![0]!["Description"]!, history["NextToken"]).ShouldBe(("d", null));

        await _client.Ssm("DeleteParameter", """{"Name":"/shop/db"}""");
        await Refused("DeleteParameter", """{"Name":"/shop/db"}""", "ParameterNotFound");
    }

    [Fact]
    public async Task SecureString_WithoutDecryption_IsNotTheValue()
    {
        await Put("sealed", "hush", "SecureString");

        ((string)(await Get("sealed"))["Value"]!).ShouldNotContain("hush");
        ((string)(await _client.Ssm("GetParameter", """{"Name":"sealed","WithDecryption":true}"""))["Parameter"]!["Value"]!).ShouldBe("hush");
        var described = (await _client.Ssm("DescribeParameters", "{}"))["Parameters"]!.AsArray().Single()!.AsObject();
        ((string)described["KeyId"]!, (string)described["LastModifiedUser"]!).ShouldBe(("alias/aws/ssm", "arn:aws:iam::000000000000:root"));
        described.ToJsonString().ShouldNotContain("hush");
        foreach (var document in await host.Store.Query(new Storage.DocumentQuery("parameter-value"), TestContext.Current.CancellationToken))
        {
            document.Body.ShouldNotContain("hush");
        }
    }

    [Theory]
    [InlineData("""{"Name":"a/b","Value":"x","Type":"String"}""", "ValidationException")]
    [InlineData("""{"Name":"ssm-x","Value":"x","Type":"String"}""", "ValidationException")]
    [InlineData("""{"Name":"aws-x","Value":"x","Type":"String"}""", "AccessDeniedException")]
    [InlineData("""{"Name":"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16","Value":"x","Type":"String"}""", "HierarchyLevelLimitExceededException")]
    [InlineData("""{"Name":"x","Value":"x"}""", "ValidationException")]
    [InlineData("""{"Name":"x","Value":"x","Type":"Text"}""", "ValidationException")]
    [InlineData("""{"Name":"x","Value":"","Type":"String"}""", "ValidationException")]
    [InlineData("""{"Name":"x","Value":"{{ssm:y}}","Type":"String"}""", "ValidationException")]
    [InlineData("""{"Name":"x","Value":"x","Type":"String","KeyId":"k"}""", "ValidationException")]
    [InlineData("""{"Name":"x","Value":"x","Type":"String","DataType":"aws:ec2:image"}""", "ValidationException")]
    [InlineData("""{"Name":"x","Value":"x","Type":"String","Overwrite":true,"Tags":[{"Key":"a","Value":"b"}]}""", "ValidationException")]
    [InlineData("""{"Name":"x","Value":"x","Type":"String","Tags":[{"Key":"a","Value":"b"},{"Key":"a","Value":"c"}]}""", "ValidationException")]
    [InlineData("""{"Name":"x","Value":"x","Type":"String","Policies":"[{}]"}""", "InvalidPolicyTypeException")]
    [InlineData("""{"Name":"x","Value":"abc","Type":"String","AllowedPattern":"\\d+"}""", "ParameterPatternMismatchException")]
    [InlineData("""{"Name":"x","Value":"abc","Type":"String","AllowedPattern":"["}""", "InvalidAllowedPatternException")]
    public async Task PutParameter_ThatCannotBe_IsRefused(string input, string code)
    {
        await Refused("PutParameter", input, code);
        await Refused("GetParameter", """{"Name":"x"}""", "ParameterNotFound");
    }

    [Fact]
    public async Task Tiers_OfLongValues_AreAsked()
    {
        var (longer, longest) = (new string('x', 4097), new string('x', 8193));
        (await Refused("PutParameter", $$"""{"Name":"t","Type":"String","Value":"{{longer}}"}""", "ValidationException")).ShouldStartWith("Standard tier parameters support a maximum parameter value of 4096 characters.");
        ((string)(await _client.Ssm("PutParameter", $$"""{"Name":"t","Type":"String","Value":"{{longer}}","Tier":"Intelligent-Tiering"}"""))["Tier"]!).ShouldBe("Advanced");
        (await Refused("PutParameter", """{"Name":"t","Value":"x","Tier":"Standard","Overwrite":true}""", "ValidationException")).ShouldContain("You can't downgrade a parameter");
        await Refused("PutParameter", $$"""{"Name":"t","Value":"{{longest}}","Overwrite":true}""", "ValidationException");
        await Refused("PutParameter", """{"Name":"t","Value":"x","Type":"StringList","Overwrite":true}""", "HierarchyTypeMismatchException");
    }

    [Fact]
    public async Task Versions_BeyondAHundred_PushOutTheOldestUnlessItIsLabelled()
    {
        await Put("many", "1");
        for (var i = 2; i <= 101; i++)
        {
            await _client.Ssm("PutParameter", $$"""{"Name":"many","Value":"{{i}}","Overwrite":true}""");
        }

        await Refused("GetParameter", """{"Name":"many:1"}""", "ParameterVersionNotFound");
        await _client.Ssm("LabelParameterVersion", """{"Name":"many","ParameterVersion":2,"Labels":["keep"]}""");
        (await Refused("PutParameter", """{"Name":"many","Value":"102","Overwrite":true}""", "ParameterMaxVersionLimitExceeded")).ShouldContain("Version 2, the oldest version, can't be deleted");
    }

    [Fact]
    public async Task Labels_Moved_AreOnOneVersion()
    {
        await Put("lab", "one");
        await _client.Ssm("PutParameter", """{"Name":"lab","Value":"two","Overwrite":true}""");

        var labelled = await _client.Ssm("LabelParameterVersion", """{"Name":"lab","ParameterVersion":1,"Labels":["live","1st","aws-x","ok"]}""");
        labelled["InvalidLabels"]!.AsArray().Select(label => (string)label!).ShouldBe(["1st", "aws-x"]);
        ((string)(await Get("lab:live"))["Value"]!).ShouldBe("one");
        ((long)(await _client.Ssm("LabelParameterVersion", """{"Name":"lab","Labels":["live"]}"""))["ParameterVersion"]!).ShouldBe(2);
        ((string)(await Get("lab:live"))["Value"]!).ShouldBe("two");
        await Refused("LabelParameterVersion", """{"Name":"lab","ParameterVersion":1,"Labels":["a","b","c","d","e","f","g","h","i","j"]}""", "ParameterVersionLabelLimitExceeded");
        await Refused("LabelParameterVersion", """{"Name":"lab","ParameterVersion":9,"Labels":["a"]}""", "ParameterVersionNotFound");

        var taken = await _client.Ssm("UnlabelParameterVersion", """{"Name":"lab","ParameterVersion":2,"Labels":["live","none"]}""");
        (taken["RemovedLabels"]!.ToJsonString(), taken["InvalidLabels"]!.ToJsonString()).ShouldBe(("""["live"]""", """["none"]"""));
        await Refused("GetParameter", """{"Name":"lab:live"}""", "ParameterVersionNotFound");
    }

    [Fact]
    public async Task GetParametersByPath_InPages_FindsEachOnce()
    {
        foreach (var name in new[] { "/p/a", "/p/b", "/p/deep/c", "/p/deep/er/d", "/other/e", "word" })
        {
            await Put(name, name);
        }

        (await ByPath("/p", false)).ShouldBe(["/p/a", "/p/b"]);
        (await ByPath("/p/", true)).ShouldBe(["/p/a", "/p/b", "/p/deep/c", "/p/deep/er/d"]);
        (await ByPath("/", false)).ShouldBe(["word"]);
        (await ByPath("/", true)).Count.ShouldBe(6);
        await Refused("GetParametersByPath", """{"Path":"p"}""", "ValidationException");
        await Refused("GetParametersByPath", """{"Path":"/p","NextToken":"x"}""", "InvalidNextToken");
        await Refused("GetParametersByPath", """{"Path":"/p","ParameterFilters":[{"Key":"Name","Values":["a"]}]}""", "InvalidFilterKey");

        var several = await _client.Ssm("GetParameters", """{"Names":["/p/a","/none","/p/b:9","/p/b"]}""");
        Names(several).ShouldBe(["/p/a", "/p/b"]);
        several["InvalidParameters"]!.ToJsonString().ShouldBe("""["/none","/p/b:9"]""");
        var deleted = await _client.Ssm("DeleteParameters", """{"Names":["/p/a","/none"]}""");
        (deleted["DeletedParameters"]!.ToJsonString(), deleted["InvalidParameters"]!.ToJsonString()).ShouldBe(("""["/p/a"]""", """["/none"]"""));
    }

    [Fact]
    public async Task DescribeParameters_WithFilters_FindsWhatFitsAll()
    {
        await _client.Ssm("PutParameter", """{"Name":"/f/one","Value":"x","Type":"String","Tags":[{"Key":"team","Value":"red"}]}""");
        await Put("/f/two", "x", "SecureString");
        await Put("list", "a,b", "StringList");
        async Task<List<string>> Described(string filters) => Names(await _client.Ssm("DescribeParameters", filters));

        (await Described("""{"ParameterFilters":[{"Key":"Name","Option":"BeginsWith","Values":["/f"]}]}""")).ShouldBe(["/f/one", "/f/two"]);
        (await Described("""{"ParameterFilters":[{"Key":"Name","Option":"Contains","Values":["wo"]}]}""")).ShouldBe(["/f/two"]);
        (await Described("""{"ParameterFilters":[{"Key":"Path","Values":["/f"]},{"Key":"Type","Values":["SecureString"]}]}""")).ShouldBe(["/f/two"]);
        (await Described("""{"ParameterFilters":[{"Key":"tag:team","Values":["red","blue"]}]}""")).ShouldBe(["/f/one"]);
        (await Described("""{"ParameterFilters":[{"Key":"tag:team"}]}""")).ShouldBe(["/f/one"]);
        (await Described("""{"Filters":[{"Key":"Name","Values":["li"]}]}""")).ShouldBe(["list"]);
        (await Described("""{"Shared":true}""")).ShouldBeEmpty();
        await Refused("DescribeParameters", """{"ParameterFilters":[{"Key":"Label","Values":["x"]}]}""", "InvalidFilterKey");
        await Refused("DescribeParameters", """{"ParameterFilters":[{"Key":"Name","Values":["x"]},{"Key":"Name","Values":["y"]}]}""", "InvalidFilterKey");
        await Refused("DescribeParameters", """{"ParameterFilters":[{"Key":"Name","Option":"Recursive","Values":["x"]}]}""", "InvalidFilterOption");
        await Refused("DescribeParameters", """{"ParameterFilters":[{"Key":"Name"}]}""", "InvalidFilterValue");
        await Refused("DescribeParameters", """{"Filters":[{"Key":"Name","Values":["x"]}],"ParameterFilters":[{"Key":"Type","Values":["String"]}]}""", "ValidationException");
    }

    [Fact]
    public async Task Tags_OfAParameter_ComeAndGo()
    {
        await Put("tagged", "x");
        await _client.Ssm("AddTagsToResource", """{"ResourceType":"Parameter","ResourceId":"tagged","Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]}""");
        await _client.Ssm("AddTagsToResource", """{"ResourceType":"Parameter","ResourceId":"tagged","Tags":[{"Key":"a","Value":"3"}]}""");
        await _client.Ssm("RemoveTagsFromResource", """{"ResourceType":"Parameter","ResourceId":"tagged","TagKeys":["b"]}""");

        (await _client.Ssm("ListTagsForResource", """{"ResourceType":"Parameter","ResourceId":"tagged"}"""))["TagList"]!.ToJsonString().ShouldBe("""[{"Key":"a","Value":"3"}]""");
        await Refused("ListTagsForResource", """{"ResourceType":"Parameter","ResourceId":"none"}""", "InvalidResourceId");
        await Refused("ListTagsForResource", """{"ResourceType":"Document","ResourceId":"tagged"}""", "InvalidResourceType");
    }

    private async Task<List<string>> ByPath(string path, bool isRecursive)
    {
        var names = new List<string>();
        string? token = null;
        do
        {
            var input = new JsonObject { ["Path"] = path, ["Recursive"] = isRecursive, ["MaxResults"] = 1, ["NextToken"] = token };
            var page = await _client.Ssm("GetParametersByPath", input.ToJsonString());
            names.AddRange(Names(page));
            token = (string?)page["NextToken"];
        }
        while (token is not null);
        return names;
    }

    private static List<string> Names(JsonObject page) => [.. page["Parameters"]!.AsArray().Select(parameter => (string)parameter!["Name"]!)];

    private async Task<JsonObject> Get(string name) => (await _client.Ssm("GetParameter", $$"""{"Name":"{{name}}"}"""))["Parameter"]!.AsObject();

    private Task<JsonObject> Put(string name, string value, string type = "String") => _client.Ssm("PutParameter", $$"""{"Name":"{{name}}","Value":"{{value}}","Type":"{{type}}"}""");

    private Task<string> Refused(string operation, string input, string code) => _client.SsmRefused(operation, input, code);
}
