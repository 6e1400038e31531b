using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sanbashi.Wire.Tests.ServiceModels;

namespace Sanbashi.Wire.Tests.Dispatch;

public sealed class WireEndpointTests
{
    private static readonly ServiceModel AppRunner = ServiceModel.LoadEmbedded("apprunner");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handler_ThrowsUnexpectedly_AnswersTheModelsFaultWithoutDetails()
    {
        var service = new ApiService(AppRunner).Handle("ListServices", (_, _) => throw new InvalidOperationException("secret detail"));
        var toy = new ApiService(ToyModel.Json).Handle("Ping", (_, _) => throw new InvalidOperationException("secret detail"));
        await using var host = await WireHost.Start([service, toy], options => options.NewRequestId = () => "the-id");

        var appRunner = await Should.ThrowAsync<ApiException>(() => host.Client().Call(AppRunner, "ListServices", [], Cancellation));
        var common = await Should.ThrowAsync<ApiException>(() => host.Client().Call(ToyModel.Json, "Ping", [], Cancellation));

        appRunner.Code.ShouldBe("InternalServiceErrorException");
        appRunner.Message.ShouldBe("The call failed for a reason inside the platform. Its log has the details under the request id the-id.");
        common.Code.ShouldBe("InternalFailure");
    }

    [Theory]
    [InlineData("""{"Nonsense": 1}""", "ListServices: ListServicesResponse has no member 'Nonsense'")]
    [InlineData("""{"ServiceSummaryList": {}}""", "does not fit")]
    [InlineData("""{}""", "'ServiceSummaryList' is required and missing")]
    public async Task Output_NotInTheModel_IsABug(string output, string fault)
    {
        var operation = AppRunner.Operations["ListServices"];
        OutputChecker.Check(operation, JsonNode.Parse(output)!.AsObject()).ShouldContain(text => text.Contains(fault));

        await using var strict = await WireHost.Start(
            [new ApiService(AppRunner).Handle("ListServices", WireHost.Answer(JsonNode.Parse(output)!.AsObject()))], options => options.StrictOutput = true);
        await using var lenient = await WireHost.Start(
            [new ApiService(AppRunner).Handle("ListServices", WireHost.Answer(JsonNode.Parse(output)!.AsObject()))], options => options.StrictOutput = false);

        (await Should.ThrowAsync<ApiException>(() => strict.Client().Call(AppRunner, "ListServices", [], Cancellation)))
            .Code.ShouldBe("InternalServiceErrorException");
        (await lenient.Client().Call(AppRunner, "ListServices", [], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Body_OverTheLimit_IsTooLarge()
    {
        await using var host = await WireHost.Start(
            [new ApiService(AppRunner).Handle("ListServices", WireHost.Answer([]))], options => options.MaxBodyBytes = 1024);

        foreach (var chunked in new[] { false, true })
        {
            var body = new byte[2000];
            using var request = new HttpRequestMessage(HttpMethod.Post, host.Endpoint) { Content = new ByteArrayContent(body) };
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.TryAddWithoutValidation("X-Amz-Target", "AppRunner.ListServices");
            SigV4Signer.Sign(request, body, WireHost.Root, "apprunner", WireHost.Region, TimeProvider.System.GetUtcNow());
            using var response = await host.Http.SendAsync(request, Cancellation);

            response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("\"__type\":\"RequestEntityTooLargeException\"");
        }
    }

    [Fact]
    public async Task Post_ThatNamesNothing_IsMissingItsSignature()
    {
        await using var host = await WireHost.Start([new ApiService(AppRunner).Handle("ListServices", WireHost.Answer([]))]);

        using var response = await host.Http.PostAsync(host.Endpoint, new StringContent("hello"), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("MissingAuthenticationTokenException");
    }

    [Fact]
    public async Task Get_NotACall_IsLeftToTheHost()
    {
        await using var host = await WireHost.Start(
            [new ApiService(ToyModel.Query).Handle("Ping", WireHost.Answer([]))],
            map: app =>
            {
                app.MapGet("/", () => Results.Text("<p>status</p>", "text/html"));
                app.MapGet("/v2/", () => "registry");
                app.MapPost("/sanbashi/builds", () => "builds");
                app.MapGet("/metrics", () => "metrics");
            });

        (await host.Http.GetStringAsync(host.Endpoint, Cancellation)).ShouldBe("<p>status</p>");
        (await host.Http.GetStringAsync(new Uri(host.Endpoint, "/?Action=walk"), Cancellation)).ShouldBe("<p>status</p>");
        (await host.Http.GetStringAsync(new Uri(host.Endpoint, "/v2/"), Cancellation)).ShouldBe("registry");
        (await host.Http.GetStringAsync(new Uri(host.Endpoint, "/metrics"), Cancellation)).ShouldBe("metrics");
        using var build = await host.Http.PostAsync(new Uri(host.Endpoint, "/sanbashi/builds"), null, Cancellation);
        (await build.Content.ReadAsStringAsync(Cancellation)).ShouldBe("builds");
        (await host.Http.GetAsync(new Uri(host.Endpoint, "/?Action=Ping&Version=2026-01-01"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Get_WithoutAPageAndNotACall_IsNotFound()
    {
        await using var host = await WireHost.Start([new ApiService(ToyModel.Query).Handle("Ping", WireHost.Answer([]))]);

        (await host.Http.GetAsync(host.Endpoint, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task ServicesInTheContainer_JoinThoseInTheOptions()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<ICredentialStore>(new Signatures.TestCredentialStore());
        builder.Services.AddAwsWire(options => options.Services.Add(new ApiService(AppRunner)));
        builder.Services.AddSingleton(new ApiService(ToyModel.Json));
        await using var app = builder.Build();

        app.Services.GetRequiredService<WireEndpoint>().Services.Select(service => service.Model).ShouldBe([AppRunner, ToyModel.Json]);
    }

    [Fact]
    public async Task Options_OutOfRange_StopTheStart()
    {
        var refused = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => WireHost.Start([], options =>
        {
            options.ClockSkew = TimeSpan.Zero;
            options.MaxBodyBytes = 0;
        }));

        refused.Failures.Count().ShouldBe(2);
    }

    [Fact]
    public void Service_PutTogetherWrongly_IsRefused()
    {
        var service = new ApiService(AppRunner).Handle("ListServices", WireHost.Answer([]));

        Should.Throw<ArgumentException>(() => service.Handle("ListServices", WireHost.Answer([]))).Message.ShouldContain("handled already");
        Should.Throw<ArgumentException>(() => service.Handle("NoSuch", WireHost.Answer([]))).Message.ShouldContain("no operation 'NoSuch'");
        service.MissingOperations.Count().ShouldBe(36);
    }

    [Fact]
    public async Task RestProtocol_InsertedBefore_PlugsIn()
    {
        var service = new ApiService(ToyModel.Rest).Handle("PutThing", (call, _) => Task.FromResult(new JsonObject { ["Name"] = call.Input["Name"]!.DeepClone() }));
        await using var host = await WireHost.Start(
            [service, new ApiService(AppRunner).Handle("ListServices", WireHost.Answer(new JsonObject { ["ServiceSummaryList"] = new JsonArray() }))],
            options => options.Protocols.Insert(0, new ToyRestProtocol()));
        var body = "{}"u8.ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(host.Endpoint, "/things/abc")) { Content = new ByteArrayContent(body) };
        SigV4Signer.Sign(request, body, WireHost.Root, "toy", WireHost.Region, TimeProvider.System.GetUtcNow());

        using var response = await host.Http.SendAsync(request, Cancellation);

        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe("""{"Name":"abc"}""");
        (await host.Client().Call(AppRunner, "ListServices", [], Cancellation)).ShouldContainKey("ServiceSummaryList");
    }

    [Fact]
    public async Task HandlerToken_CallerGoesAway_IsCancelled()
    {
        var started = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        var service = new ApiService(AppRunner).Handle("ListServices", async (_, cancellationToken) =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                ended.SetResult();
                throw;
            }

            return [];
        });
        await using var host = await WireHost.Start([service]);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = host.Client().Call(AppRunner, "ListServices", [], leaving.Token);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }
}
