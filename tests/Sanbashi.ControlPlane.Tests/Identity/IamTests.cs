using Sanbashi.ControlPlane.Tests.Api;

namespace Sanbashi.ControlPlane.Tests.Identity;

public sealed class IamTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string AllowAll = """{"Effect":"Allow","Action":"*","Resource":"*"}""";
    private const string TrustTasks = """{"Effect":"Allow","Principal":{"Service":"tasks.apprunner.amazonaws.com"},"Action":"sts:AssumeRole"}""";

    private readonly IdentityLab _lab = new(host);

    private QueryClient Iam => _lab.Root;

    [Fact]
    public async Task Users_LiveWithKeysGroupsAndPolicies_AndEndWhenAllIsGone()
    {
        var created = await Iam.Iam("CreateUser", ("UserName", "ann"), ("Path", "/team/"), ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "red"));
        created.Text("Arn").ShouldBe("arn:aws:iam::000000000000:user/team/ann");
        created.Text("UserId").ShouldStartWith("AIDA");
        (await Iam.IamRefuses("EntityAlreadyExists", "CreateUser", ("UserName", "ANN"))).Message.ShouldBe("User with name ANN already exists.");
        (await Iam.IamRefuses("NoSuchEntity", "GetUser", ("UserName", "nobody"))).Message.ShouldBe("The user with name nobody cannot be found.");

        var key = await Iam.Iam("CreateAccessKey", ("UserName", "ann"));
        key.Text("SecretAccessKey").Length.ShouldBe(40);
        await Iam.Iam("CreateAccessKey", ("UserName", "ann"));
        (await Iam.IamRefuses("LimitExceeded", "CreateAccessKey", ("UserName", "ann"))).Message.ShouldBe("Cannot exceed quota for AccessKeysPerUser: 2");
        var listed = await Iam.Iam("ListAccessKeys", ("UserName", "ann"));
        listed.Texts("AccessKeyId").Count.ShouldBe(2);
        listed.Texts("SecretAccessKey").ShouldBeEmpty();

        await Iam.Iam("CreateGroup", ("GroupName", "admins"));
        await Iam.Iam("AddUserToGroup", ("GroupName", "admins"), ("UserName", "ann"));
        (await Iam.Iam("ListGroupsForUser", ("UserName", "ann"))).Text("GroupName").ShouldBe("admins");
        (await Iam.Iam("GetGroup", ("GroupName", "admins"))).Text("UserName").ShouldBe("ann");
        await Iam.Iam("AttachUserPolicy", ("UserName", "ann"), ("PolicyArn", "arn:aws:iam::aws:policy/AWSAppRunnerFullAccess"));
        await Iam.Iam("PutUserPolicy", ("UserName", "ann"), ("PolicyName", "own"), ("PolicyDocument", IdentityLab.Policy(AllowAll)));
        Uri.UnescapeDataString((await Iam.Iam("GetUserPolicy", ("UserName", "ann"), ("PolicyName", "own"))).Text("PolicyDocument")).ShouldBe(IdentityLab.Policy(AllowAll));

        (await Iam.IamRefuses("DeleteConflict", "DeleteUser", ("UserName", "ann"))).Message.ShouldBe("Cannot delete entity, must detach all policies first.");
        await Iam.Iam("DetachUserPolicy", ("UserName", "ann"), ("PolicyArn", "arn:aws:iam::aws:policy/AWSAppRunnerFullAccess"));
        (await Iam.IamRefuses("DeleteConflict", "DeleteUser", ("UserName", "ann"))).Message.ShouldBe("Cannot delete entity, must delete policies first.");
        await Iam.Iam("DeleteUserPolicy", ("UserName", "ann"), ("PolicyName", "own"));
        foreach (var id in listed.Texts("AccessKeyId"))
        {
            await Iam.IamRefuses("DeleteConflict", "DeleteUser", ("UserName", "ann"));
            await Iam.Iam("DeleteAccessKey", ("UserName", "ann"), ("AccessKeyId", id));
        }

        await Iam.IamRefuses("DeleteConflict", "DeleteGroup", ("GroupName", "admins"));
        await Iam.Iam("RemoveUserFromGroup", ("GroupName", "admins"), ("UserName", "ann"));
        await Iam.Iam("DeleteUser", ("UserName", "ann"));
        await Iam.Iam("DeleteGroup", ("GroupName", "admins"));
        await Iam.IamRefuses("NoSuchEntity", "DeleteUser", ("UserName", "ann"));
    }

    [Fact]
    public async Task Roles_TrustTagsAndBoundaries_AreKept()
    {
        (await Iam.IamRefuses("MalformedPolicyDocument", "CreateRole", ("RoleName", "app"), ("AssumeRolePolicyDocument", "{}"))).Message.ShouldBe("Missing required field Statement");
        var role = await Iam.Iam("CreateRole", ("RoleName", "app"), ("AssumeRolePolicyDocument", IdentityLab.Policy(TrustTasks)), ("Description", "for the shop"));
        role.Text("RoleId").ShouldStartWith("AROA");
        await Iam.Iam("UpdateRole", ("RoleName", "app"), ("MaxSessionDuration", "7200"));
        await Iam.Iam("TagRole", ("RoleName", "app"), ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "red"));
        await Iam.Iam("PutRolePermissionsBoundary", ("RoleName", "app"), ("PermissionsBoundary", "arn:aws:iam::aws:policy/ReadOnlyAccess"));
        var got = await Iam.Iam("GetRole", ("RoleName", "app"));
        got.Text("MaxSessionDuration").ShouldBe("7200");
        got.Text("Description").ShouldBe("for the shop");
        got.Text("PermissionsBoundaryArn").ShouldBe("arn:aws:iam::aws:policy/ReadOnlyAccess");
        got.Text("Key").ShouldBe("team");
        Uri.UnescapeDataString(got.Text("AssumeRolePolicyDocument")).ShouldBe(IdentityLab.Policy(TrustTasks));
        await Iam.Iam("AttachRolePolicy", ("RoleName", "app"), ("PolicyArn", "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"));
        (await Iam.Iam("ListAttachedRolePolicies", ("RoleName", "app"))).Text("PolicyName").ShouldBe("AWSAppRunnerServicePolicyForECRAccess");
        await Iam.IamRefuses("NoSuchEntity", "AttachRolePolicy", ("RoleName", "app"), ("PolicyArn", "arn:aws:iam::aws:policy/Nothing"));

        var linked = await Iam.Iam("CreateServiceLinkedRole", ("AWSServiceName", "apprunner.amazonaws.com"));
        linked.Text("Arn").ShouldBe("arn:aws:iam::000000000000:role/aws-service-role/apprunner.amazonaws.com/AWSServiceRoleForAppRunner");
        (await Iam.IamRefuses("InvalidInput", "CreateServiceLinkedRole", ("AWSServiceName", "apprunner.amazonaws.com"))).Message.ShouldContain("has been taken in this account");
        await Iam.IamRefuses("UnmodifiableEntity", "DeleteRole", ("RoleName", "AWSServiceRoleForAppRunner"));
        var task = await Iam.Iam("DeleteServiceLinkedRole", ("RoleName", "AWSServiceRoleForAppRunner"));
        (await Iam.Iam("GetServiceLinkedRoleDeletionStatus", ("DeletionTaskId", task.Text("DeletionTaskId")))).Text("Status").ShouldBe("SUCCEEDED");
    }

    [Fact]
    public async Task ManagedPolicies_HaveVersionsAndEntities()
    {
        var arn = (await Iam.Iam("CreatePolicy", ("PolicyName", "shop"), ("PolicyDocument", IdentityLab.Policy(AllowAll)))).Text("Arn");
        arn.ShouldBe("arn:aws:iam::000000000000:policy/shop");
        (await Iam.IamRefuses("EntityAlreadyExists", "CreatePolicy", ("PolicyName", "shop"), ("PolicyDocument", IdentityLab.Policy(AllowAll)))).Message
            .ShouldBe("A policy called shop already exists. Duplicate names are not allowed.");
        for (var version = 2; version <= 5; version++)
        {
            (await Iam.Iam("CreatePolicyVersion", ("PolicyArn", arn), ("PolicyDocument", IdentityLab.Policy(AllowAll)), ("SetAsDefault", "true"))).Text("VersionId").ShouldBe($"v{version}");
        }

        await Iam.IamRefuses("LimitExceeded", "CreatePolicyVersion", ("PolicyArn", arn), ("PolicyDocument", IdentityLab.Policy(AllowAll)));
        await Iam.IamRefuses("DeleteConflict", "DeletePolicyVersion", ("PolicyArn", arn), ("VersionId", "v5"));
        await Iam.IamRefuses("DeleteConflict", "DeletePolicy", ("PolicyArn", arn));
        await Iam.Iam("SetDefaultPolicyVersion", ("PolicyArn", arn), ("VersionId", "v1"));
        foreach (var version in (await Iam.Iam("ListPolicyVersions", ("PolicyArn", arn))).Texts("VersionId").Where(id => id != "v1"))
        {
            await Iam.Iam("DeletePolicyVersion", ("PolicyArn", arn), ("VersionId", version));
        }

        await Iam.Iam("CreateUser", ("UserName", "holder"));
        await Iam.Iam("AttachUserPolicy", ("UserName", "holder"), ("PolicyArn", arn));
        (await Iam.Iam("GetPolicy", ("PolicyArn", arn))).Text("AttachmentCount").ShouldBe("1");
        (await Iam.Iam("ListEntitiesForPolicy", ("PolicyArn", arn))).Text("UserName").ShouldBe("holder");
        (await Iam.IamRefuses("DeleteConflict", "DeletePolicy", ("PolicyArn", arn))).Message.ShouldBe("Cannot delete a policy attached to entities.");
        await Iam.Iam("DetachUserPolicy", ("UserName", "holder"), ("PolicyArn", arn));
        await Iam.Iam("DeletePolicy", ("PolicyArn", arn));
        await Iam.IamRefuses("NoSuchEntity", "GetPolicy", ("PolicyArn", arn));
    }

    [Fact]
    public async Task Lists_ComeInPages()
    {
        foreach (var name in (string[])["page-c", "page-a", "page-b"])
        {
            await Iam.Iam("CreateUser", ("UserName", name), ("Path", "/pages/"));
        }

        var first = await Iam.Iam("ListUsers", ("PathPrefix", "/pages/"), ("MaxItems", "2"));
        first.Texts("UserName").ShouldBe(["page-a", "page-b"]);
        first.Text("IsTruncated").ShouldBe("true");
        var second = await Iam.Iam("ListUsers", ("PathPrefix", "/pages/"), ("MaxItems", "2"), ("Marker", first.Text("Marker")));
        second.Texts("UserName").ShouldBe(["page-c"]);
        second.Text("IsTruncated").ShouldBe("false");
    }

    [Fact]
    public async Task Simulation_SaysWhatThePoliciesSay()
    {
        await _lab.User("simulated", """{"Effect":"Allow","Action":"apprunner:*","Resource":"*"}""", """{"Effect":"Deny","Action":"apprunner:Delete*","Resource":"*"}""");
        var answer = await Iam.Iam(
            "SimulatePrincipalPolicy",
            ("PolicySourceArn", "arn:aws:iam::000000000000:user/simulated"),
            ("ActionNames.member.1", "apprunner:ListServices"),
            ("ActionNames.member.2", "apprunner:DeleteService"),
            ("ActionNames.member.3", "iam:CreateUser"));
        answer.Texts("EvalDecision").ShouldBe(["allowed", "explicitDeny", "implicitDeny"]);
    }
}
