using System.Net;
using Microsoft.AspNetCore.Http;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Routing;

public sealed class StickinessTests
{
    [Fact]
    public async Task Client_WithItsCookie_StaysWithItsInstance()
    {
        await using var one = await Backend.Start("one");
        await using var two = await Backend.Start("two");
        await using var gateway = await TestGateway.Serving(Sticky(one, two));

        var (instance, cookie) = await FirstRequest(gateway);
        for (var i = 0; i < 10; i++)
        {
            using var answer = await Ask(gateway, cookie);
            (await answer.Content.ReadAsStringAsync()).ShouldBe(instance);
            answer.Headers.Contains("Set-Cookie").ShouldBeFalse("the client has it already");
        }
    }

    [Fact]
    public async Task Cookie_IsASessionsAndNotForScripts_AndTellsNothing()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Sticky(backend));

        using var answer = await gateway.Client.GetAsync("/");

        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldMatch(@"\Asanbashi-sticky-[0-9a-f]{8}=[0-9a-f]{32}\.[0-9a-f]{8}; Path=/; HttpOnly; SameSite=Lax\z");
        cookie.ShouldNotContain(backend.Id);
        cookie.ShouldNotContain(backend.Address);
    }

    [Fact]
    public async Task Clients_WithoutACookie_AreSpread_EachWithOneOfItsOwn()
    {
        await using var one = await Backend.Start("one");
        await using var two = await Backend.Start("two");
        await using var gateway = await TestGateway.Serving(Sticky(one, two));

        var first = await FirstRequest(gateway);
        var second = await FirstRequest(gateway);

        first.Instance.ShouldNotBe(second.Instance);
        first.Cookie.ShouldNotBe(second.Cookie);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("")]
    [InlineData("\"")]
    public async Task Cookie_OfNoInstance_IsReplaced(string value)
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Sticky(backend));
        var (_, cookie) = await FirstRequest(gateway);

        using var answer = await Ask(gateway, $"{cookie.Split('=')[0]}={value}");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Set-Cookie").Single().ShouldStartWith(cookie);
    }

    [Fact]
    public async Task Instance_ThatIsGone_IsReplacedByAnother_WithANewCookie()
    {
        await using var one = await Backend.Start("one");
        await using var two = await Backend.Start("two");
        var (platform, gateway) = await Platform.Serving(Sticky(one));
        await using var owned = platform;
        var (_, cookie) = await FirstRequest(gateway);

        await platform.Publish(Sticky(two));
        using var answer = await Ask(gateway, cookie);

        (await answer.Content.ReadAsStringAsync()).ShouldBe("two");
        answer.Headers.GetValues("Set-Cookie").Single().ShouldNotStartWith(cookie);
    }

    [Fact]
    public async Task Instance_ThatRefusesConnections_IsReplacedByAnother_WithANewCookie()
    {
        await using var one = await Backend.Start("one");
        await using var two = await Backend.Start("two");
        await using var gateway = await TestGateway.Serving(Sticky(one, two));
        var (instance, cookie) = await FirstRequest(gateway);
        await (instance == "one" ? one : two).DisposeAsync();

        using var answer = await Ask(gateway, cookie);

        (await answer.Content.ReadAsStringAsync()).ShouldBe(instance == "one" ? "two" : "one");
        answer.Headers.GetValues("Set-Cookie").Single().ShouldNotStartWith(cookie);
    }

    [Fact]
    public async Task Instance_ThatIsFull_IsPassedOver_AndComeBackToLater()
    {
        var mayAnswer = new TaskCompletionSource();
        await using var one = await Backend.Start(Answer("one"));
        await using var two = await Backend.Start(Answer("two"));
        await using var gateway = await TestGateway.Serving(Sticky(one, two).With(static limits => limits with { MaxConcurrency = 1 }));
        var (instance, cookie) = await FirstRequest(gateway);
        var home = instance == "one" ? one : two;
        var held = Ask(gateway, cookie, "/hold");
        await Eventually.Holds(() => home.Seen.Any(static request => request.RawTarget == "/hold"), "its instance is full");

        using var elsewhere = await Ask(gateway, cookie);
        (await elsewhere.Content.ReadAsStringAsync()).ShouldNotBe(instance);
        elsewhere.Headers.Contains("Set-Cookie").ShouldBeFalse("it still belongs to its instance");

        mayAnswer.SetResult();
        (await held.InTime()).Dispose();
        await Eventually.Holds(() => gateway.Host.InFlight == 0, "its instance is free");
        using var back = await Ask(gateway, cookie);
        (await back.Content.ReadAsStringAsync()).ShouldBe(instance);

        RequestDelegate Answer(string name) => async context =>
        {
            if (context.Request.Path == "/hold")
            {
                await mayAnswer.Task;
            }

            await context.Response.WriteAsync(name);
        };
    }

    [Fact]
    public async Task Service_WithoutStickiness_SetsNoCookie()
    {
        await using var backend = await Backend.Start("ok");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));

        (await gateway.Client.GetAsync("/")).Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    private static ServiceRoute Sticky(params Backend[] backends) => Routes.To(backends) with { Stickiness = RouteStickiness.Cookie };

    private static async Task<(string Instance, string Cookie)> FirstRequest(TestGateway gateway)
    {
        using var answer = await Ask(gateway, null);
        return (await answer.Content.ReadAsStringAsync(), answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
    }

    private static Task<HttpResponseMessage> Ask(TestGateway gateway, string? cookie, string path = "/")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", $"other=1; {cookie}; more=2");
        }

        return gateway.Client.SendAsync(request);
    }
}
