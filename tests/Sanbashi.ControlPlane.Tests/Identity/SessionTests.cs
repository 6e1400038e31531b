using Sanbashi.ControlPlane.Tests.Api;

namespace Sanbashi.ControlPlane.Tests.Identity;

public sealed class SessionTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string AllowList = """{"Effect":"Allow","Action":"apprunner:List*","Resource":"*"}""";
    private const string AllowAssume = """{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}""";

    private readonly IdentityLab _lab = new(host);

    [Fact]
    public async Task AssumedRole_MayWhatRoleAndSessionPolicyAllow_UntilItExpires()
    {
        var user = await _lab.User("assumer", AllowAssume);
        await _lab.Role("worker", """{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}""", AllowList);

        var answer = await _lab.As(user).Sts("AssumeRole", Role("worker"), ("RoleSessionName", "one"), ("DurationSeconds", "900"));
        answer.Text("Arn").ShouldBe("arn:aws:sts::000000000000:assumed-role/worker/one");
        var session = IdentityLab.Key(answer);
        (await _lab.As(session).Sts("GetCallerIdentity")).Text("Arn").ShouldBe("arn:aws:sts::000000000000:assumed-role/worker/one");
        await _lab.AppRunner(session, "local-1", "ListServices", []);
        (await _lab.Denied(session, "local-1", "CreateService", ApiClient.NewService("some-shop"))).ShouldStartWith("User: arn:aws:sts::000000000000:assumed-role/worker/one is not authorized");

        var limited = IdentityLab.Key(await _lab.As(user).Sts(
            "AssumeRole", Role("worker"), ("RoleSessionName", "two"), ("Policy", IdentityLab.Policy("""{"Effect":"Allow","Action":"apprunner:ListConnections","Resource":"*"}"""))));
        (await _lab.Denied(limited, "local-1", "ListServices", [])).ShouldContain("because no session policy allows the apprunner:ListServices action");

        await _lab.As(session with { SessionToken = limited.SessionToken }).StsRefuses("InvalidClientTokenId", "GetCallerIdentity");
        await _lab.As(session with { SessionToken = null }).StsRefuses("InvalidClientTokenId", "GetCallerIdentity");
        host.Time.Advance(TimeSpan.FromSeconds(900));
        await _lab.As(session).StsRefuses("ExpiredTokenException", "GetCallerIdentity");
        (await _lab.As(limited).Sts("GetCallerIdentity")).Text("Arn").ShouldEndWith("/two");
    }

    [Fact]
    public async Task AssumeRole_WithoutTrustOrPermission_IsRefused()
    {
        await _lab.Role("closed", """{"Effect":"Allow","Principal":{"Service":"tasks.apprunner.amazonaws.com"},"Action":"sts:AssumeRole"}""", AllowList);
        await _lab.Role("partner", """{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/trusted"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"42"}}}""", AllowList);
        var all = await _lab.User("everything", """{"Effect":"Allow","Action":"*","Resource":"*"}""");
        var trusted = await _lab.User("trusted");

        (await _lab.As(all).StsRefuses("AccessDenied", "AssumeRole", Role("closed"), ("RoleSessionName", "no"))).Message.ShouldContain("because no resource-based policy allows the sts:AssumeRole action");
        await _lab.Root.StsRefuses("AccessDenied", "AssumeRole", Role("closed"), ("RoleSessionName", "no"));
        await _lab.As(all).StsRefuses("AccessDenied", "AssumeRole", Role("nothing"), ("RoleSessionName", "no"));
        await _lab.As(trusted).StsRefuses("AccessDenied", "AssumeRole", Role("partner"), ("RoleSessionName", "no"));
        await _lab.As(trusted).Sts("AssumeRole", Role("partner"), ("RoleSessionName", "yes"), ("ExternalId", "42"));
        (await _lab.As(trusted).StsRefuses("ValidationError", "AssumeRole", Role("partner"), ("RoleSessionName", "long"), ("ExternalId", "42"), ("DurationSeconds", "7200"))).Message
            .ShouldContain("MaxSessionDuration");
    }

    [Fact]
    public async Task SessionOfAUser_IsTheUser()
    {
        var user = await _lab.User("tokened", AllowList);
        var session = IdentityLab.Key(await _lab.As(user).Sts("GetSessionToken"));

        (await _lab.As(session).Sts("GetCallerIdentity")).Text("Arn").ShouldBe("arn:aws:iam::000000000000:user/tokened");
        await _lab.AppRunner(session, "local-1", "ListServices", []);
        await _lab.As(session).StsRefuses("AccessDenied", "GetSessionToken");
    }

    [Fact]
    public async Task Session_OfARoleThatWasMadeAnew_IsOver()
    {
        const string Trust = """{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}""";
        await _lab.Role("again", Trust, AllowList);
        var session = IdentityLab.Key(await _lab.Root.Sts("AssumeRole", Role("again"), ("RoleSessionName", "one")));
        await _lab.Root.Iam("DeleteRolePolicy", ("RoleName", "again"), ("PolicyName", "own"));
        await _lab.Root.Iam("DeleteRole", ("RoleName", "again"));
        await _lab.Role("again", Trust, AllowList);

        await _lab.As(session).StsRefuses("InvalidClientTokenId", "GetCallerIdentity");
    }

    private static (string, string) Role(string name) => ("RoleArn", $"arn:aws:iam::000000000000:role/{name}");
}
