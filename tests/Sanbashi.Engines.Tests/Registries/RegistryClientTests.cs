using System.Net;
using Sanbashi.Engines.Registries;
using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Registries;

public sealed class RegistryClientTests : IAsyncLifetime
{
    private readonly RegistryClient _client = new(TimeProvider.System);
    private TestRegistry _registry = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists("/bin/busybox"), "images of the test registry are made of /bin/busybox");
        _registry = await TestRegistry.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task Resolve_Tag_IsTheDigestOfItsManifest()
    {
        var digest = _registry.Push("team/app", "1", "x");

        var found = (await Resolve("team/app:1")).ShouldBeOfType<RegistryAnswer.Found>();

        found.Digest.ShouldBe(digest);
        found.Architectures.ShouldBe([TestRegistry.Machine]);
    }

    [Fact]
    public async Task Resolve_Index_TellsItsArchitectures()
    {
        var digest = _registry.PushIndex("app", "1", ("s390x", _registry.Push("app", "a", "x", "s390x")), ("arm64", _registry.Push("app", "b", "x", "arm64")));

        var found = (await Resolve("app:1")).ShouldBeOfType<RegistryAnswer.Found>();

        found.Digest.ShouldBe(digest);
        found.Architectures.ShouldBe(["s390x", "arm64"]);
    }

    [Fact]
    public async Task Resolve_UnknownTag_IsMissingWithTheRegistrysReason()
    {
        (await Resolve("app:1")).ShouldBeOfType<RegistryAnswer.Missing>().Reason.ShouldContain("MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task Resolve_PrivateWithPassword_ExchangesItForAToken()
    {
        _registry.IsPrivate = true;
        _registry.Push("app", "1", "x");

        (await Resolve("app:1", new RegistryCredential(TestRegistry.User, TestRegistry.Password, null))).ShouldBeOfType<RegistryAnswer.Found>();
        _registry.Requests.ShouldBe(["GET /v2/app/manifests/1", "GET /token", "GET /v2/app/manifests/1", _registry.Requests[^1]]);
    }

    [Fact]
    public async Task Resolve_PrivateWithIdentityToken_ExchangesIt()
    {
        _registry.IsPrivate = true;
        _registry.Push("app", "1", "x");

        (await Resolve("app:1", new RegistryCredential("", "", "identity"))).ShouldBeOfType<RegistryAnswer.Found>();
        _registry.Requests.ShouldContain("POST /token");
    }

    [Fact]
    public async Task Resolve_PrivateWithoutOrWithWrongPassword_IsDenied()
    {
        _registry.IsPrivate = true;
        _registry.Push("app", "1", "x");

        (await Resolve("app:1")).ShouldBeOfType<RegistryAnswer.Denied>().Reason.ShouldContain("without credentials");
        (await Resolve("app:1", new RegistryCredential("reader", "wrong", null))).ShouldBeOfType<RegistryAnswer.Denied>().Reason.ShouldContain("refuses the credentials");
    }

    [Fact]
    public async Task Resolve_RegistryFails_IsTriedTwiceAndUnreachable()
    {
        _registry.Fault = HttpStatusCode.BadGateway;

        (await Resolve("app:1")).ShouldBeOfType<RegistryAnswer.Unreachable>().Reason.ShouldContain("502");
        _registry.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Resolve_NobodyThere_IsUnreachable()
    {
        ImageReference.TryParse("127.0.0.1:1/app:1", out var reference);

        (await _client.Resolve(reference, null, isInsecure: false, default)).ShouldBeOfType<RegistryAnswer.Unreachable>();
    }

    [Theory]
    [InlineData("localhost:5000", true)]
    [InlineData("127.0.0.1:5000", true)]
    [InlineData("127.8.9.10", true)]
    [InlineData("[::1]:5000", true)]
    [InlineData("registry.localhost", true)]
    [InlineData("registry:5000", false)]
    [InlineData("docker.io", false)]
    [InlineData("192.0.2.1:5000", false)]
    public void IsLoopback_Registry_DecidesOnPlainHttp(string registry, bool expected)
    {
        RegistryClient.IsLoopback(registry).ShouldBe(expected);
    }

    [Fact]
    public void Challenge_Header_IsReadWithQuotesAndWithout()
    {
        var challenge = AuthChallenge.Parse("Bearer", "realm=\"https://auth.example/token?a=b,c\",service=registry, scope=\"repository:a/b:pull,push\"");

        (challenge["realm"], challenge["service"], challenge["scope"]).ShouldBe(("https://auth.example/token?a=b,c", "registry", "repository:a/b:pull,push"));
        (challenge.IsBearer, challenge.IsBasic).ShouldBe((true, false));
    }

    private Task<RegistryAnswer> Resolve(string name, RegistryCredential? credential = null)
    {
        ImageReference.TryParse($"{_registry.Name}/{name}", out var reference).ShouldBeTrue();
        return _client.Resolve(reference, credential, isInsecure: false, TestContext.Current.CancellationToken);
    }
}
