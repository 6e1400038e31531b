using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Access;

public sealed class AccessTests
{
    private static readonly string _hash = PasswordHash.Make("pässword:1", PasswordHash.LeastIterations).ToString();

    [Theory]
    [InlineData("127.0.0.0/8", HttpStatusCode.OK)]
    [InlineData("10.0.0.0/8,127.0.0.1/32", HttpStatusCode.OK)]
    [InlineData("10.0.0.0/8", HttpStatusCode.Forbidden)]
    [InlineData("::/0", HttpStatusCode.Forbidden)]
    public async Task Source_IsAllowed_WhereItsAddressIsListed(string ranges, HttpStatusCode status)
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend) with { Access = new RouteAccess { AllowedSources = ranges.Split(',') } });

        (await gateway.Client.GetAsync("/")).StatusCode.ShouldBe(status);

        backend.Seen.Count.ShouldBe(status == HttpStatusCode.OK ? 1 : 0);
    }

    [Theory]
    [InlineData("198.51.100.1", HttpStatusCode.OK)] // the proxy's client
    [InlineData("198.51.100.1, 127.0.0.9", HttpStatusCode.OK)] // by way of two proxies
    [InlineData("198.51.100.1:4711", HttpStatusCode.OK)]
    [InlineData("::ffff:198.51.100.1", HttpStatusCode.OK)]
    [InlineData("198.51.100.1, 6.6.6.6", HttpStatusCode.Forbidden)] // 6.6.6.6 may say what it likes about where it got it from
    [InlineData("6.6.6.6", HttpStatusCode.Forbidden)]
    [InlineData("198.51.100.1, unknown", HttpStatusCode.Forbidden)] // then the proxy itself is all that is known
    [InlineData(null, HttpStatusCode.Forbidden)]
    public async Task Source_BehindATrustedProxy_IsTheLastAddressThatIsNoProxy(string? forwardedFor, HttpStatusCode status)
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(
            static options => options with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] },
            Routes.To(backend) with { Access = new RouteAccess { AllowedSources = ["198.51.100.0/24"] } });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (forwardedFor is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        }

        (await gateway.Client.SendAsync(request)).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Source_ThatAClientInvents_CountsForNothing()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend) with { Access = new RouteAccess { AllowedSources = ["198.51.100.0/24"] } });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Forwarded-For", "198.51.100.1" } } };

        (await gateway.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Password_ThatIsRight_OpensTheService_AndStaysAtTheGateway()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend) with { Access = Users("ada") });

        for (var i = 0; i < 3; i++)
        {
            (await Ask(gateway, "ada", "pässword:1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        backend.Seen.Count.ShouldBe(3);
        backend.Seen.ShouldAllBe(static request => request["Authorization"] == null);
    }

    [Theory]
    [InlineData("ada", "wrong")]
    [InlineData("ada", "")]
    [InlineData("bob", "pässword:1")]
    [InlineData("", "")]
    public async Task Password_ThatIsWrong_Is401WithAChallenge(string name, string password)
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend) with { Access = Users("ada") });

        for (var i = 0; i < 2; i++)
        {
            using var answer = await Ask(gateway, name, password);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            answer.Headers.WwwAuthenticate.ToString().ShouldBe("Basic realm=\"web\", charset=\"UTF-8\"");
        }

        backend.Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic !!!!")]
    [InlineData("Basic YWRh")] // no colon
    [InlineData("Bearer YWRhOnB3")]
    public async Task Credentials_ThatAreNone_Are401(string? header)
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend) with { Access = Users("ada") });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        (await gateway.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        backend.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Authorization_OfAServiceWithoutUsers_IsPassedOn()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));

        await Ask(gateway, "ada", "x");

        backend.Seen.Single()["Authorization"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Password_ChangedInTheRoute_CountsAtOnce()
    {
        await using var backend = await Backend.Start("ok");
        var (platform, gateway) = await Platform.Serving(Routes.To(backend) with { Access = Users("ada") });
        await using var owned = platform;
        (await Ask(gateway, "ada", "pässword:1")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var other = new RouteAccess { Users = [new RouteUser("ada", PasswordHash.Make("new", PasswordHash.LeastIterations).ToString())] };
        await platform.Publish(Routes.To(backend) with { Access = other });

        (await Ask(gateway, "ada", "pässword:1")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(gateway, "ada", "new")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Requests_BeyondTheRate_Are429WithTheTimeToWait()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(
            Routes.To(backend) with { Access = new RouteAccess { RateLimit = new RouteRateLimit(1, TimeSpan.FromHours(1), 3) } });

        for (var i = 0; i < 3; i++)
        {
            (await gateway.Client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var refused = await gateway.Client.GetAsync("/");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        backend.Seen.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Rate_OfOneClient_IsNotAnothers()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(
            static options => options with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] },
            Routes.To(backend) with { Access = new RouteAccess { RateLimit = new RouteRateLimit(1, TimeSpan.FromHours(1), 1) } });

        (await From("198.51.100.1")).ShouldBe(HttpStatusCode.OK);
        (await From("198.51.100.1")).ShouldBe(HttpStatusCode.TooManyRequests);
        (await From("198.51.100.2")).ShouldBe(HttpStatusCode.OK);
        (await From("2001:db8::1")).ShouldBe(HttpStatusCode.OK);
        (await From("2001:db8::2")).ShouldBe(HttpStatusCode.TooManyRequests, "a /64 is one client");
        (await From("2001:db8:0:1::2")).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> From(string client)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Forwarded-For", client } } };
            using var answer = await gateway.Client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Refusals_AreInTheServicesLog()
    {
        await using var gateway = await TestGateway.Serving(Routes.To() with { Access = new RouteAccess { AllowedSources = ["10.0.0.0/8"] } });

        await gateway.Client.GetAsync("/");

        var path = Path.Combine(gateway.LogFolder, Routes.IdOf(Routes.Host), "access", "access.jsonl");
        await Eventually.Holds(() => File.Exists(path) && File.ReadAllText(path).Contains("\"failure\":\"source-not-allowed\"", StringComparison.Ordinal), "it is written");
    }

    private static RouteAccess Users(params string[] names) => new() { Users = [.. names.Select(static name => new RouteUser(name, _hash))] };

    private static Task<HttpResponseMessage> Ask(TestGateway gateway, string name, string password)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
        return gateway.Client.SendAsync(request);
    }
}
