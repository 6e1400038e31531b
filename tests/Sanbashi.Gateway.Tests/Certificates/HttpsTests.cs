using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Certificates;
using Sanbashi.Gateway.Certificates;
using Sanbashi.Gateway.Hosting;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Certificates;

public sealed class HttpsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("certificates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.1")]
    public async Task Https_SpeaksBothVersions(string version)
    {
        await using var backend = await Backend.Start("secure");
        var (platform, gateway) = await Serving(backend);
        await using var owned = platform;

        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await gateway.Client.SendAsync(request);

        response.Version.ToString().ShouldBe(version);
        (await response.Content.ReadAsStringAsync()).ShouldBe("secure");
        backend.Seen.Single()["X-Forwarded-Proto"].ShouldBe("https");
        backend.Seen.Single()["X-Forwarded-Port"].ShouldBe("443");
    }

    [Fact]
    public async Task Certificate_FollowsTheNameTheClientAsksFor()
    {
        await using var backend = await Backend.Start("secure");
        var (platform, gateway) = await Serving(backend);
        await using var owned = platform;

        (await SubjectFor(gateway, "web.sanbashi.localhost")).ShouldBe("CN=sanbashi.localhost");
        (await SubjectFor(gateway, "a.example.test")).ShouldBe("CN=example.test");
        (await SubjectFor(gateway, "deep.a.example.test")).ShouldBe("CN=sanbashi.localhost", "a wildcard stands for one label");
        (await SubjectFor(gateway, "")).ShouldBe("CN=sanbashi.localhost");
    }

    [Fact]
    public void Shelf_WhenFilesChange_UsesTheNewCertificate()
    {
        var authority = Authority("sanbashi.localhost");
        var files = Files(authority);
        using var shelf = new CertificateShelf([files], TimeProvider.System, NullLogger.Instance);
        var before = Thumbprint(shelf);

        File.WriteAllText(files.CertificatePath, "not a certificate");
        shelf.ReloadIfChanged();
        Thumbprint(shelf).ShouldBe(before, "bad files leave the running certificate");

        File.Delete(files.CertificatePath);
        authority.Ensure();
        shelf.ReloadIfChanged();
        Thumbprint(shelf).ShouldNotBe(before);
    }

    [Fact]
    public async Task WebSocket_OverHttp2_PassesAndDrains()
    {
        await using var backend = await Backend.Start(WebSocketPeers.Echo);
        var (platform, gateway) = await Serving(backend);
        await using var owned = platform;
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.SetRequestHeader("Host", Routes.Host);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        await socket.ConnectAsync(new Uri($"wss://{gateway.Address.Authority}/"), invoker, CancellationToken.None).InTime();

        await socket.SendText("over http/2");
        (await socket.ReceiveText()).ShouldBe("over http/2");
        await platform.Publish(Routes.To() with { Draining = [backend.AsDraining(DateTimeOffset.UtcNow)] });

        (await socket.ReceiveClose()).Status.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).InTime();
        await Eventually.Holds(() => gateway.Host.InFlight == 0, "the connection is over");
    }

    [Fact]
    public async Task PlainHttp_WithRedirect_LeadsToHttps()
    {
        var (platform, _) = await Platform.Serving(Routes.To());
        await using var owned = platform;
        var gateway = await platform.AddGateway(change: options => options with { RedirectToHttpsPort = 8443 });

        using var response = await gateway.Client.GetAsync("/a?b");

        response.StatusCode.ShouldBe(HttpStatusCode.PermanentRedirect);
        response.Headers.Location!.OriginalString.ShouldBe($"https://{Routes.Host}:8443/a?b");
    }

    [Theory]
    [InlineData("127.0.0.0/8", "https", HttpStatusCode.OK)]
    [InlineData("127.0.0.0/8", "http", HttpStatusCode.PermanentRedirect)]
    [InlineData("10.0.0.0/8", "https", HttpStatusCode.PermanentRedirect)]
    public async Task PlainHttp_WithRedirect_ThatCameByAProxy_IsServedWhenATrustedOneSaysHttps(string trusted, string said, HttpStatusCode expected)
    {
        await using var backend = await Backend.Start("ok");
        var (platform, _) = await Platform.Serving(Routes.To(backend));
        await using var owned = platform;
        var gateway = await platform.AddGateway(change: options => options with { RedirectToHttpsPort = 8443, TrustedProxies = [IPNetwork.Parse(trusted)] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Forwarded-Proto", said } } };

        using var response = await gateway.Client.SendAsync(request);

        response.StatusCode.ShouldBe(expected);
    }

    private async Task<(Platform Platform, TestGateway Gateway)> Serving(Backend backend)
    {
        var (platform, _) = await Platform.Serving(Routes.To(backend));
        var gateway = await platform.AddGateway(change: options => options with
        {
            Listeners = [GatewayListener.Bind(ListenerKind.Https, new IPEndPoint(IPAddress.Loopback, 0))],
            Certificates = [Files(Authority("sanbashi.localhost")), Files(Authority("example.test"))],
        });
        return (platform, gateway);
    }

    private LocalAuthority Authority(string domain)
    {
        var authority = new LocalAuthority(Path.Combine(_folder, domain), domain, TimeProvider.System);
        authority.Ensure();
        return authority;
    }

    private static CertificateFiles Files(LocalAuthority authority) => new(authority.CertificatePath, authority.KeyPath);

    private static string Thumbprint(CertificateShelf shelf) => shelf.For("web.sanbashi.localhost").ServerCertificateContext!.TargetCertificate.Thumbprint;

    private static async Task<string> SubjectFor(TestGateway gateway, string serverName)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
            EnabledSslProtocols = SslProtocols.None,
        }).InTime();
        return ((X509Certificate2)tls.RemoteCertificate!).Subject;
    }
}
