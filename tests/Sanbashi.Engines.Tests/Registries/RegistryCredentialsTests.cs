using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.Engines.Registries;
using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Registries;

/// <summary>Changes the PATH of this process, where credential helpers are looked for.</summary>
[Collection("engines")]
public sealed class RegistryCredentialsTests : IDisposable
{
    private readonly DockerConfigFolder _folder = new();
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _folder.Dispose();
    }

    [Fact]
    public async Task For_NoConfiguration_IsNone()
    {
        (await Credentials().For("ghcr.io", default)).ShouldBeNull();
    }

    [Theory]
    [InlineData("ghcr.io", "ghcr.io")]
    [InlineData("https://ghcr.io", "ghcr.io")]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    public async Task For_PlainEntry_IsDecoded(string key, string registry)
    {
        _folder.SignIn(key, "me", "a:b");

        (await Credentials().For(registry, default)).ShouldBe(new RegistryCredential("me", "a:b", null));
        (await Credentials().For("other.example", default)).ShouldBeNull();
    }

    [Fact]
    public async Task For_IdentityToken_IsKept()
    {
        _folder.Write("""{"auths":{"ghcr.io":{"identitytoken":"t"}}}""");

        (await Credentials().For("ghcr.io", default)).ShouldNotBeNull().IdentityToken.ShouldBe("t");
    }

    [Fact]
    public async Task For_Helpers_GoBeforeTheStore()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "helpers of this test are shell scripts");
        _folder.Write("""{"credsStore":"all","credHelpers":{"ghcr.io":"one"}}""");
        Helper("all", """read host; echo "{\"Username\":\"all\",\"Secret\":\"$host\"}" """);
        Helper("one", """echo '{"Username":"<token>","Secret":"identity"}'""");

        (await Credentials().For("ghcr.io", default)).ShouldBe(new RegistryCredential("", "", "identity"));
        (await Credentials().For("quay.io", default)).ShouldBe(new RegistryCredential("all", "quay.io", null));
    }

    [Theory]
    [InlineData("echo 'credentials not found in native keychain'; exit 1")]
    [InlineData("echo broken >&2; exit 3")]
    [InlineData("echo not json")]
    public async Task For_HelperWithoutAnswer_IsNone(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "helpers of this test are shell scripts");
        _folder.Write("""{"credsStore":"all"}""");
        Helper("all", script);

        (await Credentials().For("quay.io", default)).ShouldBeNull();
    }

    [Theory]
    [InlineData("{broken")]
    [InlineData("""{"credsStore":"does-not-exist"}""")]
    [InlineData("""{"auths":{"quay.io":{"auth":"not base64!"}}}""")]
    public async Task For_BrokenConfiguration_IsNone(string json)
    {
        _folder.Write(json);

        (await Credentials().For("quay.io", default)).ShouldBeNull();
    }

    [Fact]
    public async Task All_Entries_AreForBuilds()
    {
        _folder.SignIn("ghcr.io", "me", "secret");

        var all = await Credentials().All(default);

        all["ghcr.io"].Username.ShouldBe("me");
    }

    [Fact]
    public void Encode_Credential_IsUrlSafeJson()
    {
        var header = RegistryCredentials.Encode(new RegistryCredential("m\u00eb", "??>>~~", null), "docker.io");

        header.ShouldNotContain("+");
        header.ShouldNotContain("/");
        var json = Encoding.UTF8.GetString(Convert.FromBase64String(header.Replace('-', '+').Replace('_', '/')));
        json.ShouldContain("https://index.docker.io/v1/");
    }

    [Fact]
    public void Credential_Printed_ShowsNoSecret()
    {
        new RegistryCredential("me", "secret", "token").ToString().ShouldBe("credential of me");
    }

    private RegistryCredentials Credentials() => new(_folder.Path, TimeProvider.System, NullLogger.Instance);

    private void Helper(string name, string script)
    {
        var file = Path.Combine(_folder.Path, "docker-credential-" + name);
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{_folder.Path}:{_path}");
    }
}
