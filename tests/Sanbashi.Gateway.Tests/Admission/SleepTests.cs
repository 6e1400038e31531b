using System.Net;
using Microsoft.AspNetCore.Http;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Admission;

public sealed class SleepTests
{
    [Fact]
    public async Task Request_ForAServiceThatSleeps_WaitsAndAsksForCapacity_AndIsServedWhenItWakes()
    {
        await using var backend = await Backend.Start("awake");
        var awake = Routes.To(backend);
        var (platform, gateway) = await Platform.Serving(awake with { Availability = RouteAvailability.Asleep, Instances = [], Resting = awake.Instances });
        await using var owned = platform;

        var request = gateway.Client.GetStringAsync("/");
        await Eventually.Holds(() => platform.Hub.Demand(awake.ServiceId).Open == 1, "the control plane is told");
        platform.Signals.ShouldContain(awake.ServiceId);
        backend.Seen.ShouldBeEmpty();

        await platform.Publish(awake);
        (await request.InTime()).ShouldBe("awake");
    }

    [Fact]
    public async Task Request_ToAPathThatWakesNothing_IsAnsweredByTheGateway()
    {
        await using var backend = await Backend.Start("awake");
        var awake = Routes.To(backend) with { NoWakePaths = ["/favicon.ico", "/probe/*"] };
        var (platform, gateway) = await Platform.Serving(awake with { Availability = RouteAvailability.Asleep, Instances = [] });
        await using var owned = platform;

        (await gateway.Client.GetAsync("/favicon.ico?v=1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await gateway.Client.GetAsync("/probe/live")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await gateway.Client.PostAsync("/probe/live", null)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        platform.Hub.Demand(awake.ServiceId).Open.ShouldBe(0);

        await platform.Publish(awake);
        (await gateway.Client.GetStringAsync("/probe/live")).ShouldBe("awake");
    }

    [Fact]
    public async Task Request_OnAnInstanceThatIsToRest_FinishesInItsOwnTime()
    {
        var mayAnswer = new TaskCompletionSource();
        await using var backend = await Backend.Start(async context =>
        {
            await mayAnswer.Task;
            await context.Response.WriteAsync("late");
        });
        var awake = Routes.To(backend);
        var (platform, gateway) = await Platform.Serving(awake);
        await using var owned = platform;
        var request = gateway.Client.GetStringAsync("/");
        await Eventually.Holds(() => backend.Seen.Count == 1, "the request is there");

        await platform.Publish(awake with { Availability = RouteAvailability.Asleep, Instances = [], Resting = awake.Instances });

        platform.Hub.InFlight(awake.Instances[0].InstanceId).ShouldBe(1);
        mayAnswer.SetResult();
        (await request.InTime()).ShouldBe("late");
        await Eventually.Holds(() => platform.Hub.InFlight(awake.Instances[0].InstanceId) == 0, "nothing is in flight any more");
        platform.Signals.ShouldContain(awake.ServiceId);
    }

    [Fact]
    public async Task LittleTraffic_OverEqualInstances_GoesToOneOfThem()
    {
        await using var one = await Backend.Start("one");
        await using var two = await Backend.Start("two");
        var (platform, gateway) = await Platform.Serving(Routes.To(one, two));
        await using var owned = platform;

        for (var i = 0; i < 10; i++)
        {
            await gateway.Client.GetStringAsync("/");
            await Eventually.Holds(() => gateway.Host.InFlight == 0, "it is finished");
        }

        Math.Min(one.Seen.Count, two.Seen.Count).ShouldBe(0);
    }

    [Fact]
    public async Task Peak_BetweenTwoReports_IsReported()
    {
        await using var backend = await Backend.Start("ok");
        var route = Routes.To(backend);
        var (platform, gateway) = await Platform.Serving(route);
        await using var owned = platform;

        await gateway.Client.GetStringAsync("/");

        await Eventually.Holds(() => platform.Hub.Demand(route.ServiceId) is { Open: 0, Peaks.Count: > 0 }, "the peak is known though it is over");
        platform.Hub.LastUsed(route.Instances[0].InstanceId).ShouldNotBeNull();
    }
}
