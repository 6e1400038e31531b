using System.Net;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Routing;

public sealed class PathRoutingTests
{
    private const string Shared = "shop.example.test";

    [Theory]
    [InlineData("/", "root")]
    [InlineData("/other", "root")]
    [InlineData("/api", "api")]
    [InlineData("/api/", "api")]
    [InlineData("/api?x", "api")]
    [InlineData("/api/x?y=/api/v2", "api")]
    [InlineData("/apix", "root")]
    [InlineData("/API", "root")]
    [InlineData("/%61pi", "root")] // bytes are compared; what they mean is for the application
    [InlineData("/x/../api", "root")]
    [InlineData("//api", "root")]
    [InlineData("/?/api", "root")]
    [InlineData("/api/v2", "v2")]
    [InlineData("/api/v2/deep", "v2")]
    [InlineData("/api/v20", "api")]
    public async Task Request_GoesToTheLongestPathThatFits_Unchanged(string target, string service)
    {
        await using var root = await Backend.Start("root");
        await using var api = await Backend.Start("api");
        await using var second = await Backend.Start("v2");
        await using var gateway = await TestGateway.Serving(Rule(root, "root", "/"), Rule(api, "api", "/api"), Rule(second, "v2", "/api/v2"));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET {target} HTTP/1.1\r\nHost: {Shared}:8080\r\nConnection: close\r\n\r\n");

        (await connection.ReadToEnd()).ShouldEndWith("\r\n\r\n" + Chunk(service));
        new[] { root, api, second }.SelectMany(static backend => backend.Seen).Single().RawTarget.ShouldBe(target);
    }

    [Fact]
    public async Task Request_ThatFitsNoPath_Is404_AndTheServicesOwnNameTakesAll()
    {
        await using var api = await Backend.Start("api");
        await using var gateway = await TestGateway.Serving(Rule(api, "api", "/api"));

        (await Ask(gateway, Shared, "/")).ShouldBe((HttpStatusCode.NotFound, null));
        (await Ask(gateway, Shared, "/api")).ShouldBe((HttpStatusCode.OK, "api"));
        (await Ask(gateway, "SHOP.example.TEST.", "/api")).ShouldBe((HttpStatusCode.OK, "api"));
        (await Ask(gateway, "api.sanbashi.localhost", "/")).ShouldBe((HttpStatusCode.OK, "api"));
    }

    [Fact]
    public async Task Rule_ThatMoves_IsServedByItsNewService()
    {
        await using var one = await Backend.Start("one");
        await using var two = await Backend.Start("two");
        var (platform, gateway) = await Platform.Serving(Rule(one, "one", "/"), Rule(two, "two", "/two"));
        await using var owned = platform;
        (await Ask(gateway, Shared, "/two")).ShouldBe((HttpStatusCode.OK, "two"));

        await platform.Publish(Rule(two, "two", "/2"));
        (await Ask(gateway, Shared, "/two")).ShouldBe((HttpStatusCode.OK, "one"));
        (await Ask(gateway, Shared, "/2")).ShouldBe((HttpStatusCode.OK, "two"));

        await platform.Hub.Remove(Routes.IdOf("two"), CancellationToken.None).InTime();
        (await Ask(gateway, Shared, "/2")).ShouldBe((HttpStatusCode.OK, "one"));
    }

    [Fact]
    public async Task Rule_ClaimedTwice_StaysWithOne()
    {
        await using var one = await Backend.Start("one");
        await using var two = await Backend.Start("two");
        await using var gateway = await TestGateway.Serving(Rule(one, "one", "/"), Rule(two, "two", "/"));

        (await Ask(gateway, Shared, "/")).Status.ShouldBe(HttpStatusCode.OK);
        (await Ask(gateway, "one.sanbashi.localhost", "/")).ShouldBe((HttpStatusCode.OK, "one"));
        (await Ask(gateway, "two.sanbashi.localhost", "/")).ShouldBe((HttpStatusCode.OK, "two"));
    }

    private static ServiceRoute Rule(Backend backend, string name, string path) => Routes.To(backend) with
    {
        ServiceId = Routes.IdOf(name),
        ServiceName = name,
        Hosts = [name + ".sanbashi.localhost"],
        Rules = [new RouteRule(Shared, path)],
    };

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n0\r\n\r\n";

    private static async Task<(HttpStatusCode Status, string? Text)> Ask(TestGateway gateway, string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        using var answer = await gateway.Client.SendAsync(request);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null);
    }
}
