using System.Text.Json.Nodes;

namespace Sanbashi.ControlPlane.Tests.Secrets;

public sealed class SecretVersionTests(SecretsHost host) : IClassFixture<SecretsHost>
{
    private const string First = "11111111-1111-1111-1111-111111111111";
    private const string Second = "22222222-2222-2222-2222-222222222222";
    private const string Third = "33333333-3333-3333-3333-333333333333";

    private readonly SecretsClient _client = host.NewRegion();

    [Fact]
    public async Task CreateSecret_AgainWithSameTokenAndValue_ChangesNothing()
    {
        const string Input = $$"""{"Name":"app/db","SecretString":"one","ClientRequestToken":"{{First}}"}""";
        var created = await _client.Call("CreateSecret", Input);

        created["ARN"]!.GetValue<string>().ShouldMatch($"^arn:aws:secretsmanager:{_client.Region}:000000000000:secret:app/db-[A-Za-z0-9]{{6}}$");
        created["VersionId"]!.GetValue<string>().ShouldBe(First);
        JsonNode.DeepEquals(await _client.Call("CreateSecret", Input), created).ShouldBeTrue();
        (await _client.Refused("CreateSecret", Input.Replace("one", "two"), "ResourceExistsException")).ShouldBe("The operation failed because the secret app/db already exists.");
        (await _client.Refused("CreateSecret", Input.Replace(First, Second), "ResourceExistsException")).ShouldContain("already exists");
    }

    [Fact]
    public async Task CreateSecret_WithoutAValue_HasNoVersion()
    {
        var created = await _client.Call("CreateSecret", """{"Name":"empty"}""");

        created.ContainsKey("VersionId").ShouldBeFalse();
        (await _client.Refused("GetSecretValue", """{"SecretId":"empty"}""", "ResourceNotFoundException"))
            .ShouldBe("Secrets Manager can't find the specified secret value for staging label: AWSCURRENT");
        await _client.Call("PutSecretValue", $$"""{"SecretId":"empty","SecretString":"x","VersionStages":["blue"],"ClientRequestToken":"{{First}}"}""");
        (await _client.Stages("empty"))[First].ShouldBe("AWSCURRENT blue");
    }

    [Fact]
    public async Task PutSecretValue_OneAfterTheOther_MovesTheLabels()
    {
        await _client.Call("CreateSecret", $$"""{"Name":"s","SecretString":"one","ClientRequestToken":"{{First}}"}""");
        await _client.Call("PutSecretValue", $$"""{"SecretId":"s","SecretString":"two","ClientRequestToken":"{{Second}}"}""");
        (await _client.Stages("s")).ShouldBe(new Dictionary<string, string> { [First] = "AWSPREVIOUS", [Second] = "AWSCURRENT" }, ignoreOrder: true);

        await _client.Call("PutSecretValue", $$"""{"SecretId":"s","SecretString":"three","VersionStages":["AWSPENDING"],"ClientRequestToken":"{{Third}}"}""");
        (await _client.Value("s")).ShouldBe("two");
        (await _client.Value("s", ""","VersionStage":"AWSPENDING" """)).ShouldBe("three");
        (await _client.Value("s", ""","VersionStage":"AWSPREVIOUS" """)).ShouldBe("one");
        (await _client.Value("s", $""","VersionId":"{First}" """)).ShouldBe("one");
        (await _client.Refused("GetSecretValue", $$"""{"SecretId":"s","VersionId":"{{First}}","VersionStage":"AWSCURRENT"}""", "InvalidRequestException"))
            .ShouldBe("You provided a VersionStage that is not associated to the provided VersionId.");

        await _client.Call("UpdateSecretVersionStage", $$"""{"SecretId":"s","VersionStage":"AWSCURRENT","MoveToVersionId":"{{Third}}","RemoveFromVersionId":"{{Second}}"}""");
        (await _client.Stages("s")).ShouldBe(new Dictionary<string, string> { [Second] = "AWSPREVIOUS", [Third] = "AWSCURRENT AWSPENDING" }, ignoreOrder: true);

        var all = await _client.Call("ListSecretVersionIds", """{"SecretId":"s","IncludeDeprecated":true}""");
        all["Versions"]!.AsArray().Select(version => version!["VersionId"]!.GetValue<string>()).ShouldBe([First, Second, Third]);
        var page = await _client.Call("ListSecretVersionIds", """{"SecretId":"s","MaxResults":1}""");
        page["Versions"]!.AsArray().Count.ShouldBe(1);
        page = await _client.Call("ListSecretVersionIds", $$"""{"SecretId":"s","MaxResults":1,"NextToken":"{{page["NextToken"]}}"}""");
        page["Versions"]![0]!["VersionId"]!.GetValue<string>().ShouldBe(Third);
        page["NextToken"].ShouldBeNull();
        await _client.Refused("ListSecretVersionIds", """{"SecretId":"s","NextToken":"x"}""", "InvalidNextTokenException");
    }

    [Fact]
    public async Task PutSecretValue_WithAUsedToken_IsTheSameOrRefused()
    {
        await _client.Create("used", "zero");
        const string Input = $$"""{"SecretId":"used","SecretString":"one","ClientRequestToken":"{{First}}"}""";
        await _client.Call("PutSecretValue", Input);
        await _client.Call("PutSecretValue", $$"""{"SecretId":"used","SecretString":"two","ClientRequestToken":"{{Second}}"}""");

        var again = await _client.Call("PutSecretValue", Input);

        again["VersionStages"]!.AsArray().Single()!.GetValue<string>().ShouldBe("AWSPREVIOUS");
        (await _client.Value("used")).ShouldBe("two");
        (await _client.Refused("PutSecretValue", Input.Replace("one", "other"), "ResourceExistsException")).ShouldStartWith($"You can't use ClientRequestToken {First} because that value is already in use");
        (await _client.Refused("PutSecretValue", """{"SecretId":"used"}""", "InvalidRequestException")).ShouldBe("You must provide either SecretString or SecretBinary.");
        await _client.Refused("PutSecretValue", """{"SecretId":"used","SecretString":"a","SecretBinary":"AQI="}""", "InvalidParameterException");
        await _client.Refused("PutSecretValue", $$"""{"SecretId":"used","SecretString":"{{new string('ü', 40000)}}"}""", "InvalidParameterException");
    }

    [Fact]
    public async Task UpdateSecretVersionStage_ThatDoesNotFit_IsRefused()
    {
        await _client.Call("CreateSecret", $$"""{"Name":"moves","SecretString":"one","ClientRequestToken":"{{First}}"}""");
        await _client.Call("PutSecretValue", $$"""{"SecretId":"moves","SecretString":"two","VersionStages":["blue"],"ClientRequestToken":"{{Second}}"}""");
        Task<string> Refused(string more, string code = "InvalidParameterException") => _client.Refused("UpdateSecretVersionStage", $$"""{"SecretId":"moves"{{more}}}""", code);

        (await Refused($""","VersionStage":"AWSCURRENT","MoveToVersionId":"{Second}" """)).ShouldStartWith("The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version");
        (await Refused($""","VersionStage":"AWSCURRENT","RemoveFromVersionId":"{First}" """)).ShouldContain("It can't be completely removed.");
        (await Refused($""","VersionStage":"blue","RemoveFromVersionId":"{First}" """)).ShouldContain("is not attached to version");
        await Refused(""","VersionStage":"blue" """);
        await Refused($""","VersionStage":"blue","MoveToVersionId":"{Third}" """, "ResourceNotFoundException");

        await _client.Call("UpdateSecretVersionStage", $$"""{"SecretId":"moves","VersionStage":"blue","RemoveFromVersionId":"{{Second}}"}""");
        (await _client.Stages("moves")).Keys.ShouldBe([First]);
    }

    [Fact]
    public async Task UpdateSecret_WithAndWithoutAValue_ChangesWhatIsGiven()
    {
        var arn = await _client.Create("up", "one");
        (await _client.Call("UpdateSecret", """{"SecretId":"up","Description":"new"}""")).ContainsKey("VersionId").ShouldBeFalse();
        (await _client.Call("UpdateSecret", $$"""{"SecretId":"{{arn}}","SecretBinary":"AQI=","ClientRequestToken":"{{First}}"}"""))["VersionId"]!.GetValue<string>().ShouldBe(First);

        var described = await _client.Call("DescribeSecret", $$"""{"SecretId":"{{arn[..^7]}}"}""");
        described["Description"]!.GetValue<string>().ShouldBe("new");
        described["ARN"]!.GetValue<string>().ShouldBe(arn);
        described.ToJsonString().ShouldNotContain("AQI=");
        var value = await _client.Call("GetSecretValue", $$"""{"SecretId":"{{arn}}"}""");
        (value["SecretBinary"]!.GetValue<string>(), value.ContainsKey("SecretString")).ShouldBe(("AQI=", false));
    }
}
