using System.Net;
using System.Text.RegularExpressions;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class StatusPageTests : IAsyncLifetime
{
    private readonly ApiHost _host = new();
    private readonly CancellationToken _cancelled = TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Page_WithoutServices_SaysWhatToTypeNext()
    {
        var page = await Page();

        page.ShouldContain("has no services yet");
        page.ShouldContain("sanbashi svc create --name site");
        page.ShouldContain("0.0.0-test");
    }

    [Fact]
    public async Task Page_WithServices_ShowsStatesAddressesAndOperations()
    {
        var client = _host.NewRegion();
        await client.CreateRunning("web-1");
        await client.Create(ApiClient.NewService("Shop_Two"));
        var deleted = await client.CreateRunning("web-gone");
        await client.Call("DeleteService", ApiClient.Named(deleted));
        await client.Finish(deleted, OperationStatus.Succeeded, ServiceStatus.Deleted);

        var page = WebUtility.HtmlDecode(await Page());

        page.ShouldContain("2 services, 1 running");
        page.ShouldContain(client.Region);
        page.ShouldContain("<a href=\"http://web-1.sanbashi.localhost:8080\">");
        page.ShouldContain("curl -H 'Host: web-1.sanbashi.localhost' http://localhost:8080/");
        page.ShouldContain("http://shop-two.sanbashi.localhost:8080");
        page.ShouldContain("CREATE_SERVICE since ");
        page.ShouldContain("sanbashi svc logs web-1 --follow");
        page.ShouldNotContain("web-gone");
    }

    [Fact]
    public async Task Page_NamesThatAreHtml_AreEscaped()
    {
        var client = _host.NewRegion();
        var arn = await client.CreateRunning("hostile");
        var stored = await client.Stored(arn);
        var hostile = stored.Record with { Definition = stored.Record.Definition with { Image = stored.Record.Definition.Image with { Identifier = "<script>alert('x')</script>&\"" } } };
        await _host.Documents.Store.Commit([ServiceDocuments.Write(hostile, stored.Version)], _cancelled);

        var page = await Page();

        page.ShouldNotContain("<script");
        page.ShouldContain("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;");
    }

    [Fact]
    public async Task Page_Always_LoadsNothingAndTellsTheBrowserSo()
    {
        using var response = await _host.Http.GetAsync(_host.Endpoint, _cancelled);
        var page = await response.Content.ReadAsStringAsync(_cancelled);

        Regex.Matches(page, "(?:src|href)=\"([^\"]*)\"").Select(match => match.Groups[1].Value).ShouldAllBe(target => target == "/metrics" || target.StartsWith("http://"));
        page.ShouldNotContain("url(");
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
        response.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
    }

    [Theory]
    [InlineData("evil.example.com", 421)]
    [InlineData("evil.example.com:4600", 421)]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1", 200)]
    public async Task Page_ByForeignName_IsRefused(string name, int status)
    {
        foreach (var path in new[] { "/", "/metrics" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_host.Endpoint, path)) { Headers = { Host = name } };
            using var response = await _host.Http.SendAsync(request, _cancelled);

            ((int)response.StatusCode).ShouldBe(status);
        }
    }

    private Task<string> Page() => _host.Http.GetStringAsync(_host.Endpoint, _cancelled);
}
