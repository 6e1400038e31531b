using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Identity;
using Sanbashi.ControlPlane.Identity.Authorization;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.ControlPlane.Tests.Secrets;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Identity;

public sealed class AuthorizationTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string AllowS3 = """{"Effect":"Allow","Action":"s3:*","Resource":"*"}""";

    private readonly IdentityLab _lab = new(host);
    private readonly ApiClient _root = host.NewRegion();

    private CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryOperationOfEveryModel_WithoutPolicies_IsRefused()
    {
        await using var store = new InMemoryDocumentStore();
        await store.AcquireLease("test", _ => { }, Cancelled);
        var documents = new ServiceDocuments(store);
        using var identity = IdentityCapability.Create(documents, ApiHost.Root, new byte[IdentityKey.Length], TimeProvider.System);
        var iam = identity.Services.Single(service => service.Model.SigningName == "iam");
        async Task<JsonObject> Call(string operation, string input) =>
            await iam.FindHandler(operation)!(new ApiCall(iam.Model, operation, JsonNode.Parse(input)!.AsObject(), ApiHost.Account, "r", ApiHost.Root.AccessKeyId, "id"), Cancelled);
        await Call("CreateUser", """{"UserName":"nobody"}""");
        var key = (await Call("CreateAccessKey", """{"UserName":"nobody"}"""))["AccessKey"]!["AccessKeyId"]!.GetValue<string>();

        foreach (var model in ServiceModel.EmbeddedNames.Select(ServiceModel.LoadEmbedded))
        {
            CallTargets.Knows(model.SigningName).ShouldBeTrue($"CallTargets has no entry for {model.SigningName}: say which members name what a call is about.");
            foreach (var operation in model.Operations.Keys)
            {
                var call = new ApiCall(model, operation, [], ApiHost.Account, "r", key, "id");
                if (CallTargets.IsFree(CallTargets.Action(model, operation)))
                {
                    await identity.Authorizer.Authorize(call, Cancelled);
                }
                else
                {
                    (await Should.ThrowAsync<ApiException>(async () => await identity.Authorizer.Authorize(call, Cancelled), $"{model} {operation}")).Code.ShouldBe("AccessDeniedException");
                }
            }
        }
    }

    [Fact]
    public async Task Parameters_ByPathAndTag_AreWhatPoliciesSay()
    {
        var reader = await _lab.User(
            "reader",
            $$"""{"Effect":"Allow","Action":"ssm:GetParameter*","Resource":"arn:aws:ssm:*:*:parameter/shop/*"}""",
            """{"Effect":"Allow","Action":"ssm:PutParameter","Resource":"*"}""",
            """{"Effect":"Deny","Action":"ssm:GetParameter","Resource":"*","Condition":{"StringEquals":{"ssm:resourceTag/stage":"live"}}}""");
        Task<JsonObject> Ssm(ApiCredential credential, string operation, string input) => new AwsJsonClient(host.Http, host.Endpoint, credential, _root.Region, TimeProvider.System)
            .Call("AmazonSSM", "ssm", "1.1", operation, JsonNode.Parse(input)!.AsObject(), Cancelled);
        async Task<string> Denied(string operation, string input)
        {
            var refusal = await Should.ThrowAsync<ApiException>(() => Ssm(reader, operation, input));
            refusal.Code.ShouldBe("AccessDeniedException", refusal.Message);
            return refusal.Message;
        }

        await Ssm(reader, "PutParameter", """{"Name":"/shop/a","Value":"x","Type":"String"}""");
        await Ssm(ApiHost.Root, "PutParameter", """{"Name":"/shop/b","Value":"x","Type":"String","Tags":[{"Key":"stage","Value":"live"}]}""");
        await Ssm(ApiHost.Root, "PutParameter", """{"Name":"other","Value":"x","Type":"String"}""");

        ((string)(await Ssm(ApiHost.Root, "GetParameterHistory", """{"Name":"/shop/a"}"""))["Parameters"]![0]!["LastModifiedUser"]!).ShouldBe("arn:aws:iam::000000000000:user/reader");
        await Ssm(reader, "GetParameter", """{"Name":"/shop/a:1"}""");
        await Denied("GetParameter", """{"Name":"/shop/b"}""");
        (await Denied("GetParameters", """{"Names":["/shop/a","other"]}""")).ShouldContain($"ssm:GetParameters on resource: arn:aws:ssm:{_root.Region}:000000000000:parameter/other");
        (await Denied("DescribeParameters", "{}")).ShouldContain($"on resource: arn:aws:ssm:{_root.Region}:000000000000:*");
    }

    [Fact]
    public async Task Refusal_SaysWhoWhatAndWhy()
    {
        var bob = await _lab.User("bob", """{"Effect":"Allow","Action":"apprunner:List*","Resource":"*"}""", """{"Effect":"Deny","Action":"apprunner:ListConnections","Resource":"*"}""");

        await _lab.AppRunner(bob, _root.Region, "ListServices", []);
        (await _lab.Denied(bob, _root.Region, "CreateService", ApiClient.NewService("shop"))).ShouldBe(
            $"User: arn:aws:iam::000000000000:user/bob is not authorized to perform: apprunner:CreateService on resource: arn:aws:apprunner:{_root.Region}:000000000000:service/shop/* because no identity-based policy allows the apprunner:CreateService action");
        (await _lab.Denied(bob, _root.Region, "ListConnections", [])).ShouldBe(
            "User: arn:aws:iam::000000000000:user/bob is not authorized to perform: apprunner:ListConnections on resource: * with an explicit deny in an identity-based policy");
        (await _lab.As(bob).IamRefuses("AccessDenied", "CreateUser", ("UserName", "eve"))).Message.ShouldContain("arn:aws:iam::000000000000:user/eve");
        (await _lab.As(bob).Sts("GetCallerIdentity")).Text("Arn").ShouldBe("arn:aws:iam::000000000000:user/bob");
    }

    [Fact]
    public async Task TagsOfServiceAndRequest_DecideWhatAPolicySays()
    {
        var red = await _lab.User(
            "red",
            """{"Effect":"Allow","Action":["apprunner:DescribeService","apprunner:DeleteService"],"Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"red"}}}""",
            """{"Effect":"Allow","Action":["apprunner:CreateService","apprunner:TagResource"],"Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/team":"red"}}}""");
        var input = ApiClient.NewService("red-one");
        await _lab.Denied(red, _root.Region, "CreateService", (JsonObject)input.DeepClone());
        input["Tags"] = JsonNode.Parse("""[{"Key":"team","Value":"red"}]""");
        var own = (await _lab.AppRunner(red, _root.Region, "CreateService", input))["Service"]!["ServiceArn"]!.GetValue<string>();
        var other = await _root.CreateRunning("blue-one");

        await _lab.AppRunner(red, _root.Region, "DescribeService", ApiClient.Named(own));
        await _lab.Denied(red, _root.Region, "DescribeService", ApiClient.Named(other));
    }

    [Fact]
    public async Task SettingsAsTags_TakeThePermissionOfTheSettings()
    {
        var tagger = await _lab.User("tagger", """{"Effect":"Allow","Action":"apprunner:*","Resource":"*"}""");
        var arn = await _root.CreateRunning("tagged-by-user");

        await _lab.AppRunner(tagger, _root.Region, "TagResource", Tag(arn, "team"));
        (await _lab.Denied(tagger, _root.Region, "TagResource", Tag(arn, "sanbashi:request-timeout"))).ShouldContain("sanbashi:PutServiceSettings");

        static JsonObject Tag(string arn, string key) => new() { ["ResourceArn"] = arn, ["Tags"] = new JsonArray(new JsonObject { ["Key"] = key, ["Value"] = "15m" }) };
    }

    [Fact]
    public async Task Roles_MustBePassedByWhoMayPassThem()
    {
        var deployer = await _lab.User(
            "deployer",
            """{"Effect":"Allow","Action":"apprunner:*","Resource":"*"}""",
            """{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/app-*","Condition":{"StringLike":{"iam:PassedToService":"apprunner.amazonaws.com"}}}""");

        (await _lab.Denied(deployer, _root.Region, "CreateService", WithRole("admin"))).ShouldContain("iam:PassRole on resource: arn:aws:iam::000000000000:role/admin");
        await _lab.Role("app-web", IdentityLab.TrustsTasks, AllowS3);
        await _lab.AppRunner(deployer, _root.Region, "CreateService", WithRole("app-web"));

        static JsonObject WithRole(string role)
        {
            var input = ApiClient.NewService("with-role");
            input["InstanceConfiguration"] = new JsonObject { ["InstanceRoleArn"] = $"arn:aws:iam::000000000000:role/{role}" };
            return input;
        }
    }

    [Fact]
    public async Task SecretsWithoutARole_AreReadByWhoGivesThem()
    {
        var secrets = new SecretsClient(host.Endpoint, host.Http, _root.Region);
        var (own, foreign) = (await secrets.Create("giver/own", "x"), await secrets.Create("other/key", "x"));
        var giver = await _lab.User(
            "giver",
            """{"Effect":"Allow","Action":["apprunner:*","iam:PassRole"],"Resource":"*"}""",
            """{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:*:secret:giver/*"}""");
        await _lab.Role("giver-app", IdentityLab.TrustsTasks, AllowS3);

        (await _lab.Denied(giver, _root.Region, "CreateService", WithSecret(foreign, null))).ShouldContain($"secretsmanager:GetSecretValue on resource: {foreign}");
        await _lab.AppRunner(giver, _root.Region, "CreateService", WithSecret(own, null));
        var arn = (await _lab.AppRunner(giver, _root.Region, "CreateService", WithSecret(foreign, "giver-app")))["Service"]!["ServiceArn"]!.GetValue<string>();

        // A service's role reads for it, also when an update does not name the role again.
        await _root.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        var update = ApiClient.Named(arn);
        update["SourceConfiguration"] = WithSecret(foreign, null)["SourceConfiguration"]!.DeepClone();
        await _lab.AppRunner(giver, _root.Region, "UpdateService", update);

        static JsonObject WithSecret(string reference, string? role)
        {
            var input = ApiClient.NewService(role is null ? "giver-bare" : "giver-role");
            input["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"] = new JsonObject { ["RuntimeEnvironmentSecrets"] = new JsonObject { ["KEY"] = reference } };
            if (role is not null)
            {
                input["InstanceConfiguration"] = new JsonObject { ["InstanceRoleArn"] = $"arn:aws:iam::000000000000:role/{role}" };
            }

            return input;
        }
    }

    [Fact]
    public async Task InstanceRole_ThatCannotBeAssumed_IsRefusedInAppRunnersWords()
    {
        await _lab.Role("untrusting", IdentityLab.TrustsTasks.Replace("tasks.", "build."), AllowS3);
        await _lab.Role(
            "elsewhere",
            """{"Effect":"Allow","Principal":{"Service":"tasks.apprunner.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}}""",
            AllowS3);
        await _lab.Role("trusting", IdentityLab.TrustsTasks, AllowS3);

        foreach (var role in (string[])["missing", "untrusting", "elsewhere"])
        {
            var refusal = await Should.ThrowAsync<ApiException>(() => _root.Call("CreateService", WithRole(role)));
            refusal.Code.ShouldBe("InvalidRequestException");
            refusal.Message.ShouldStartWith($"Error in assuming instance role arn:aws:iam::000000000000:role/{role}");
        }

        var arn = await _root.Create(WithRole("trusting"));
        await _root.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);

        // What a service has from before does not stand in the way of another update.
        await _lab.Root.Iam("UpdateAssumeRolePolicy", ("RoleName", "trusting"), ("PolicyDocument", IdentityLab.Policy(IdentityLab.TrustsTasks.Replace("tasks.", "build."))));
        var update = ApiClient.Named(arn);
        update["InstanceConfiguration"] = new JsonObject { ["Cpu"] = "2048", ["Memory"] = "4096" };
        await _root.Call("UpdateService", update);

        static JsonObject WithRole(string role)
        {
            var input = ApiClient.NewService($"assumes-{role}");
            input["InstanceConfiguration"] = new JsonObject { ["InstanceRoleArn"] = $"arn:aws:iam::000000000000:role/{role}" };
            return input;
        }
    }

    [Fact]
    public async Task NamesInAnotherCase_ArePoliciesNames()
    {
        await _lab.Root.Iam("CreateUser", ("UserName", "Admin"));
        var helper = await _lab.User("helper", """{"Effect":"Allow","Action":"iam:*","Resource":"*"}""", """{"Effect":"Deny","Action":"iam:*","Resource":"arn:aws:iam::*:user/Admin"}""");

        await _lab.As(helper).IamRefuses("AccessDenied", "CreateAccessKey", ("UserName", "admin"));
        await _lab.As(helper).Iam("GetUser", ("UserName", "helper"));
    }

    [Fact]
    public async Task KeysThatAreInactiveOrGone_SignNothing()
    {
        var user = await _lab.User("leaver", """{"Effect":"Allow","Action":"*","Resource":"*"}""");
        await _lab.Root.Iam("UpdateAccessKey", ("UserName", "leaver"), ("AccessKeyId", user.AccessKeyId), ("Status", "Inactive"));
        await _lab.As(user).IamRefuses("InvalidClientTokenId", "GetUser");
        await _lab.Root.Iam("UpdateAccessKey", ("UserName", "leaver"), ("AccessKeyId", user.AccessKeyId), ("Status", "Active"));
        await _lab.As(user).Iam("GetUser");
        await _lab.Root.Iam("DeleteAccessKey", ("UserName", "leaver"), ("AccessKeyId", user.AccessKeyId));
        await _lab.As(user).IamRefuses("InvalidClientTokenId", "GetUser");
    }
}
