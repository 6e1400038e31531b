using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Secrets;
using Sanbashi.Domain.Identity;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Secrets;

public sealed class SecretLifeTests(SecretsHost host) : IClassFixture<SecretsHost>
{
    private readonly SecretsClient _client = host.NewRegion();

    [Fact]
    public async Task DeleteSecret_WithARecoveryWindow_CanBeRestoredUntilItIsOver()
    {
        await _client.Create("gone", "one");
        (await _client.Refused("DeleteSecret", """{"SecretId":"gone","RecoveryWindowInDays":6}""", "InvalidParameterException"))
            .ShouldBe("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
        (await _client.Refused("DeleteSecret", """{"SecretId":"gone","RecoveryWindowInDays":7,"ForceDeleteWithoutRecovery":true}""", "InvalidParameterException"))
            .ShouldBe("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");

        var deleted = await _client.Call("DeleteSecret", """{"SecretId":"gone","RecoveryWindowInDays":7}""");

        var due = DateTimeOffset.FromUnixTimeSeconds((long)deleted["DeletionDate"]!.GetValue<decimal>());
        (due - host.Time.GetUtcNow()).ShouldBeInRange(TimeSpan.FromDays(6.9), TimeSpan.FromDays(7));
        (await _client.Refused("GetSecretValue", """{"SecretId":"gone"}""", "InvalidRequestException"))
            .ShouldBe("You can't perform this operation on the secret because it was marked for deletion.");
        (await _client.Refused("CreateSecret", """{"Name":"gone"}""", "InvalidRequestException"))
            .ShouldBe("You can't create this secret because a secret with this name is already scheduled for deletion.");
        (await _client.Call("DescribeSecret", """{"SecretId":"gone"}""")).ContainsKey("DeletedDate").ShouldBeTrue();
        (await Names("{}")).ShouldNotContain("gone");
        (await Names("""{"IncludePlannedDeletion":true}""")).ShouldContain("gone");

        await _client.Call("RestoreSecret", """{"SecretId":"gone"}""");
        (await _client.Value("gone")).ShouldBe("one");
    }

    [Fact]
    public async Task DeleteSecret_WhenItsTimeIsOver_LeavesNothing()
    {
        var arn = await _client.Create("over", "one");
        await _client.Call("DeleteSecret", """{"SecretId":"over"}""");
        host.Time.Advance(TimeSpan.FromDays(30));

        (await _client.Refused("RestoreSecret", """{"SecretId":"over"}""", "ResourceNotFoundException")).ShouldBe("Secrets Manager can't find the specified secret.");
        (await _client.Create("over", "two")).ShouldNotBe(arn);
        (await _client.Value("over")).ShouldBe("two");
        await _client.Refused("GetSecretValue", $$"""{"SecretId":"{{arn}}"}""", "ResourceNotFoundException");
        (await Values()).ShouldBe(1);

        await _client.Call("DeleteSecret", """{"SecretId":"over","ForceDeleteWithoutRecovery":true}""");
        (await Values()).ShouldBe(0);
        (await _client.Call("DeleteSecret", """{"SecretId":"over","ForceDeleteWithoutRecovery":true}"""))["Name"]!.GetValue<string>().ShouldBe("over");
        await _client.Refused("DeleteSecret", """{"SecretId":"over"}""", "ResourceNotFoundException");
    }

    [Fact]
    public async Task Purge_OfSecretsWhoseTimeIsOver_RemovesTheirValues()
    {
        await _client.Create("swept", "one");
        await _client.Call("DeleteSecret", """{"SecretId":"swept"}""");
        host.Time.Advance(TimeSpan.FromDays(31));

        await new SecretPurge(new SecretDocuments(host.Store), host.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).PurgeAll(TestContext.Current.CancellationToken);

        (await Values()).ShouldBe(0);
        (await host.Store.Query(new DocumentQuery(SecretDocuments.SecretKind) { Scope = Scope }, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ListSecrets_ByFilterOrderAndPage_FindsThem()
    {
        await _client.Call("CreateSecret", """{"Name":"a/db","Description":"the main database","Tags":[{"Key":"team","Value":"shop"}]}""");
        await _client.Call("CreateSecret", """{"Name":"b/api","Description":"a key"}""");
        await _client.Call("CreateSecret", """{"Name":"a/mail","Tags":[{"Key":"team","Value":"post"}]}""");

        (await Names("{}")).ShouldBe(["a/db", "b/api", "a/mail"]);
        (await Names("""{"SortOrder":"desc"}""")).ShouldBe(["a/mail", "b/api", "a/db"]);
        (await Names("""{"SortBy":"name"}""")).ShouldBe(["a/db", "a/mail", "b/api"]);
        (await Names("""{"SortBy":"name","SortOrder":"desc"}""")).ShouldBe(["b/api", "a/mail", "a/db"]);
        (await Names("""{"Filters":[{"Key":"name","Values":["a/"]}]}""")).ShouldBe(["a/db", "a/mail"]);
        (await Names("""{"Filters":[{"Key":"name","Values":["!a/"]}]}""")).ShouldBe(["b/api"]);
        (await Names("""{"Filters":[{"Key":"description","Values":["DATA main"]}]}""")).ShouldBe(["a/db"]);
        (await Names("""{"Filters":[{"Key":"tag-key","Values":["team"]},{"Key":"tag-value","Values":["shop","x"]}]}""")).ShouldBe(["a/db"]);
        (await Names("""{"Filters":[{"Key":"all","Values":["Key"]}]}""")).ShouldBe(["b/api"]);

        foreach (var order in new[] { "", ""","SortOrder":"desc" """, ""","SortBy":"name","SortOrder":"desc" """ })
        {
            var first = await _client.Call("ListSecrets", $$"""{"MaxResults":2{{order}}}""");
            var second = await _client.Call("ListSecrets", $$"""{"MaxResults":2{{order}},"NextToken":"{{first["NextToken"]}}"}""");
            first["SecretList"]!.AsArray().Concat(second["SecretList"]!.AsArray()).Select(secret => secret!["Name"]!.GetValue<string>()).Order(StringComparer.Ordinal).ShouldBe(["a/db", "a/mail", "b/api"]);
            second["NextToken"].ShouldBeNull();
        }

        await _client.Refused("ListSecrets", """{"NextToken":"x"}""", "InvalidNextTokenException");
        await _client.Refused("ListSecrets", """{"Filters":[{"Key":"colour","Values":["red"]}]}""", "ValidationException");
    }

    [Fact]
    public async Task BatchGetSecretValue_OfSeveral_AnswersValuesAndErrors()
    {
        await _client.Create("one", "1");
        await _client.Create("two", "2");

        var batch = await _client.Call("BatchGetSecretValue", """{"SecretIdList":["one","nowhere","two"]}""");

        batch["SecretValues"]!.AsArray().Select(secret => secret!["SecretString"]!.GetValue<string>()).ShouldBe(["1", "2"]);
        batch["Errors"]![0]!["ErrorCode"]!.GetValue<string>().ShouldBe("ResourceNotFoundException");
        (await _client.Call("BatchGetSecretValue", """{"Filters":[{"Key":"name","Values":["t"]}]}"""))["SecretValues"]!.AsArray().Count.ShouldBe(1);
        await _client.Refused("BatchGetSecretValue", "{}", "InvalidParameterException");
    }

    [Fact]
    public async Task TagResource_AndUntag_ChangeTheTags()
    {
        await _client.Create("tagged", "1");
        await _client.Call("TagResource", """{"SecretId":"tagged","Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]}""");
        await _client.Call("UntagResource", """{"SecretId":"tagged","TagKeys":["a"]}""");

        var tags = (await _client.Call("DescribeSecret", """{"SecretId":"tagged"}"""))["Tags"]!.AsArray();
        tags.ShouldHaveSingleItem()!["Key"]!.GetValue<string>().ShouldBe("b");
        await _client.Refused("TagResource", """{"SecretId":"tagged","Tags":[{"Key":"aws:x","Value":"1"}]}""", "InvalidRequestException");
    }

    [Fact]
    public async Task ResourcePolicy_IsKeptAsGiven_AndChecked()
    {
        await _client.Create("guarded", "1");
        var policy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}]}""";
        string Input(string text, string more = "") => new JsonObject { ["SecretId"] = "guarded", ["ResourcePolicy"] = text }.ToJsonString()[..^1] + more + "}";

        (await _client.Call("GetResourcePolicy", """{"SecretId":"guarded"}""")).ContainsKey("ResourcePolicy").ShouldBeFalse();
        await _client.Call("PutResourcePolicy", Input(policy));
        (await _client.Call("GetResourcePolicy", """{"SecretId":"guarded"}"""))["ResourcePolicy"]!.GetValue<string>().ShouldBe(policy);
        await _client.Refused("PutResourcePolicy", Input(policy, ""","BlockPublicPolicy":true"""), "PublicPolicyException");
        foreach (var broken in new[] { "x", "[]", "{}", policy.Replace("Allow", "Perhaps"), policy.Replace("\"Action\"", "\"Act\""), policy.Replace("2012-10-17", "2026-01-01") })
        {
            (await _client.Refused("PutResourcePolicy", Input(broken), "MalformedPolicyDocumentException")).ShouldStartWith("This resource policy contains a syntax error.");
        }

        (await _client.Call("ValidateResourcePolicy", Input(policy)))["PolicyValidationPassed"]!.GetValue<bool>().ShouldBeFalse();
        await _client.Call("DeleteResourcePolicy", """{"SecretId":"guarded"}""");
        (await _client.Call("GetResourcePolicy", """{"SecretId":"guarded"}""")).ContainsKey("ResourcePolicy").ShouldBeFalse();
    }

    [Fact]
    public async Task RotateSecret_WithASchedule_SaysWhenItIsDue()
    {
        await _client.Create("turning", "1");
        (await _client.Refused("RotateSecret", """{"SecretId":"turning"}""", "InvalidRequestException")).ShouldBe("No Lambda rotation function ARN is associated with this secret.");
        (await _client.Refused("RotateSecret", """{"SecretId":"turning","RotationLambdaARN":"arn:aws:lambda:local-1:000000000000:function:SecretsManagerRDSPostgreSQLRotationSingleUser","RotationRules":{"ScheduleExpression":"rate(1 hours)"}}""", "InvalidParameterException")).ShouldContain("from 4 hours");
        await _client.Refused("RotateSecret", """{"SecretId":"turning","RotationLambdaARN":"arn:aws:lambda:local-1:000000000000:function:SecretsManagerRDSPostgreSQLRotationSingleUser","RotationRules":{"ScheduleExpression":"rate(10 days)","AutomaticallyAfterDays":3}}""", "InvalidParameterException");

        (await _client.Refused("RotateSecret", """{"SecretId":"turning","RotationLambdaARN":"arn:aws:lambda:local-1:000000000000:function:mine"}""", "InvalidRequestException"))
            .ShouldContain("SecretsManagerRDSMariaDBRotationMultiUser");
        (await _client.Refused("RotateSecret", """{"SecretId":"turning","RotationLambdaARN":"https://rotator.example.com/"}""", "InvalidRequestException")).ShouldContain("SANBASHI_ROTATORS");
        (await _client.Refused("RotateSecret", """{"SecretId":"turning","RotationLambdaARN":"/bin/sh"}""", "InvalidRequestException")).ShouldContain("is not allowed here");
        await _client.Call("RotateSecret", """{"SecretId":"turning","RotationLambdaARN":"arn:aws:lambda:local-1:000000000000:function:SecretsManagerRDSPostgreSQLRotationSingleUser","RotateImmediately":false,"RotationRules":{"ScheduleExpression":"rate(10 days)","Duration":"3h"}}""");
        var described = await _client.Call("DescribeSecret", """{"SecretId":"turning"}""");
        (described["RotationEnabled"]!.GetValue<bool>(), described["RotationRules"]!["Duration"]!.GetValue<string>()).ShouldBe((true, "3h"));
        var due = DateTimeOffset.FromUnixTimeSeconds((long)described["NextRotationDate"]!.GetValue<decimal>());
        (due - host.Time.GetUtcNow()).ShouldBeInRange(TimeSpan.FromDays(9.9), TimeSpan.FromDays(10));

        await _client.Call("CancelRotateSecret", """{"SecretId":"turning"}""");
        described = await _client.Call("DescribeSecret", """{"SecretId":"turning"}""");
        (described["RotationEnabled"]!.GetValue<bool>(), described.ContainsKey("NextRotationDate")).ShouldBe((false, false));
    }

    [Fact]
    public async Task Replication_OfASecret_IsRefusedWithWhatToDo()
    {
        await _client.Create("single", "1");
        (await _client.Refused("ReplicateSecretToRegions", """{"SecretId":"single","AddReplicaRegions":[{"Region":"eu-west-1"}]}""", "InvalidRequestException")).ShouldContain("Create the secret in each region");
        await _client.Refused("CreateSecret", """{"Name":"x","AddReplicaRegions":[{"Region":"eu-west-1"}]}""", "InvalidRequestException");
        (await _client.Refused("StopReplicationToReplica", """{"SecretId":"single"}""", "InvalidRequestException")).ShouldContain("primary secret");
        (await _client.Call("RemoveRegionsFromReplication", """{"SecretId":"single","RemoveReplicaRegions":["eu-west-1"]}"""))["ReplicationStatus"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task GetRandomPassword_ByRules_KeepsThem()
    {
        (await Password("{}")).Length.ShouldBe(32);
        (await Password("""{"PasswordLength":12,"ExcludePunctuation":true,"ExcludeUppercase":true,"ExcludeCharacters":"l1o0"}""")).ShouldMatch("^[a-km-np-z2-9]{12}$");
        await _client.Refused("GetRandomPassword", """{"PasswordLength":3}""", "InvalidParameterException");

        async Task<string> Password(string input) => (await _client.Call("GetRandomPassword", input))["RandomPassword"]!.GetValue<string>();
    }

    [Fact]
    public async Task Calls_ForWhatIsNotThere_AreNotFound()
    {
        var other = host.NewRegion();
        var arn = await other.Create("elsewhere", "1");
        foreach (var id in new[] { "elsewhere", arn, "arn:aws:s3:::bucket", "in valid", "arn:aws:secretsmanager:" })
        {
            await _client.Refused("GetSecretValue", new JsonObject { ["SecretId"] = id }.ToJsonString(), "ResourceNotFoundException");
        }

        (await _client.Refused("CreateSecret", """{"Name":"in valid"}""", "ValidationException")).ShouldStartWith("Invalid name.");
    }

    [Fact]
    public async Task GetSecretValue_OfWhatWasTamperedWith_SaysSo()
    {
        await _client.Create("left", "1");
        await _client.Create("right", "2");
        var values = await host.Store.Query(new DocumentQuery(SecretDocuments.ValueKind) { Scope = Scope }, TestContext.Current.CancellationToken);
        values.ShouldAllBe(value => !value.Body.Contains("\"1\""));
        var swapped = JsonNode.Parse(values[0].Body)!;
        swapped["sealed"] = JsonNode.Parse(values[1].Body)!["sealed"]!.DeepClone();
        await host.Store.Commit([new DocumentWrite(values[0].Key, null, swapped.ToJsonString(), null, values[0].Parent)], TestContext.Current.CancellationToken);

        (await _client.Refused("GetSecretValue", """{"SecretId":"left"}""", "DecryptionFailure")).ShouldContain("was changed outside of the platform");
    }

    private ResourceScope Scope => new(Tests.Api.ApiHost.Account, _client.Region);

    private async Task<int> Values() =>
        (await host.Store.Query(new DocumentQuery(SecretDocuments.ValueKind) { Scope = Scope }, TestContext.Current.CancellationToken)).Count;

    private async Task<List<string>> Names(string input) =>
        [.. (await _client.Call("ListSecrets", input))["SecretList"]!.AsArray().Select(secret => secret!["Name"]!.GetValue<string>())];
}
