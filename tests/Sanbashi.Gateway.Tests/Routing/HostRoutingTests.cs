using System.Net;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Routing;

public sealed class HostRoutingTests
{
    [Theory]
    [InlineData("web.sanbashi.localhost")]
    [InlineData("WEB.Sanbashi.LOCALHOST")]
    [InlineData("web.sanbashi.localhost:8080")]
    [InlineData("web.sanbashi.localhost.")]
    [InlineData("web.sanbashi.localhost.:8080")]
    public async Task Host_InAnySpelling_FindsItsService(string host)
    {
        await using var backend = await Backend.Start("hello");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = host } };
        using var response = await gateway.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldBe("hello");
        backend.Seen.Single()["Host"].ShouldBe(host);
    }

    [Fact]
    public async Task Host_OfNoService_Is404()
    {
        await using var backend = await Backend.Start("hello");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "other.sanbashi.localhost" } };
        using var response = await gateway.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        backend.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Gateway_WithoutAnyRoutesYet_Is503()
    {
        await using var gateway = await TestGateway.Start(change: options => options with { RoutesWait = TimeSpan.FromMilliseconds(50) });

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(RouteAvailability.Paused, "service-paused")]
    [InlineData(RouteAvailability.Unavailable, "no-healthy-instance")]
    [InlineData(RouteAvailability.Serving, "no-healthy-instance")]
    public async Task Service_ThatCannotServe_Is503ThatSaysWhy(RouteAvailability availability, string code)
    {
        await using var gateway = await TestGateway.Serving(Routes.To() with { Availability = availability });

        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept", "application/json" } } };
        using var response = await gateway.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await response.Content.ReadAsStringAsync()).ShouldContain($"\"error\":\"{code}\"");
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/html")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/problem+json", "application/json")]
    [InlineData("*/*", "text/plain")]
    [InlineData(null, "text/plain")]
    public async Task OwnAnswer_FollowsAccept(string? accept, string type)
    {
        await using var gateway = await TestGateway.Serving(Routes.To());

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var response = await gateway.Client.SendAsync(request);

        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        response.Headers.Contains("Server").ShouldBeFalse();
        response.Headers.Contains("X-Request-Id").ShouldBeTrue();
    }
}
