using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Features;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Routing;
using Sanbashi.Gateway.Tests.Support;
using Sanbashi.Gateway.Traffic;

namespace Sanbashi.Gateway.Tests.Routing;

public sealed class RoutedServiceTests
{
    /// <summary>Many requests on many threads while routes change at random; whatever the order, the invariants hold and everybody is served.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Admission_UnderRandomRouteChanges_NeverExceedsNorForgets(int seed)
    {
        const int MaxConcurrency = 3;
        const int Requests = 400;
        var random = new Random(seed);
        var signals = new Signals();
        var route = Routes.To().With(limits => limits with { MaxConcurrency = MaxConcurrency, QueueLength = Requests, QueueTimeout = TimeSpan.FromMinutes(5), RequestTimeout = TimeSpan.FromMinutes(5) });
        var service = new RoutedService(route, TimeProvider.System, signals);
        var violations = new ConcurrentQueue<string>();
        ServiceRoute Listing(IEnumerable<int> numbers) => route with { Instances = [.. numbers.Select(number => new RouteInstance($"i{number}", 1, $"127.0.0.1:{number}"))] };
        service.Apply(Listing([1]));

        var requests = Enumerable.Range(0, Requests).Select(number => Task.Run(async () =>
        {
            var exchange = new Exchange(TimeProvider.System, TimeSpan.FromSeconds(1));
            exchange.Begin(new FeatureCollection());
            var result = await service.Queue.Admit(exchange);
            if (result.Instance is not { } instance)
            {
                violations.Enqueue($"request {number} was turned away: {result.Outcome}");
                return;
            }

            // Entered before the switch is fine; so only what is certain is checked: the count.
            if (instance.InFlight is < 1 or > MaxConcurrency)
            {
                violations.Enqueue($"{instance.InFlight} in flight on {instance.Id}");
            }

            await Task.Yield();
            service.Release(exchange, instance);
        })).ToList();

        var open = Task.WhenAll(requests);
        while (!open.IsCompleted)
        {
            var listed = Enumerable.Range(1, 4).Where(_ => random.Next(2) == 0).DefaultIfEmpty(1).ToList();
            service.Apply(Listing(listed));
            var counts = service.Instances().Where(instance => instance.Standing == InstanceStanding.Gone).ToDictionary(instance => instance, instance => instance.InFlight);
            await Task.Yield();
            foreach (var (instance, before) in counts)
            {
                if (instance.InFlight > before)
                {
                    violations.Enqueue($"{instance.Id} got a new request after it had left the route");
                }
            }
        }

        await open.InTime();
        violations.ShouldBeEmpty();
        service.Queue.Waiting.ShouldBe(0);
        service.Instances().ShouldAllBe(instance => instance.InFlight == 0);
    }

    [Fact]
    public void Instance_ThatLeavesAndComesBack_KeepsItsCount()
    {
        var service = new RoutedService(Routes.To(), TimeProvider.System, new Signals());
        var route = Routes.To() with { Instances = [new RouteInstance("a", 1, "127.0.0.1:1")] };
        service.Apply(route);
        var exchange = new Exchange(TimeProvider.System, TimeSpan.FromSeconds(1));
        var instance = service.TryPick(exchange)!;

        service.Apply(route with { Instances = [] });
        service.TryPick(new Exchange(TimeProvider.System, TimeSpan.FromSeconds(1))).ShouldBeNull();
        service.Instances().Single().InFlight.ShouldBe(1);
        service.Apply(route);
        service.Instances().Single().ShouldBeSameAs(instance);
        service.Release(exchange, instance);

        service.Instances().Single().InFlight.ShouldBe(0);
    }

    [Fact]
    public void Instance_ThatIsGoneAndIdle_IsForgottenAndSaidToBeIdle()
    {
        var signals = new Signals();
        var service = new RoutedService(Routes.To(), TimeProvider.System, signals);
        service.Apply(Routes.To() with { Instances = [new RouteInstance("a", 1, "127.0.0.1:1")] });
        var exchange = new Exchange(TimeProvider.System, TimeSpan.FromSeconds(1));
        var instance = service.TryPick(exchange)!;

        service.Apply(Routes.To());
        signals.Idle.ShouldBeEmpty();
        service.Release(exchange, instance);

        signals.Idle.ShouldBe(["a"]);
        service.Instances().ShouldBeEmpty();
    }

    [Fact]
    public void Drain_WhoseTimeIsOver_EndsWhatIsOpen()
    {
        var time = new ManualTime();
        var service = new RoutedService(Routes.To(), time, new Signals());
        var instance = new RouteInstance("a", 1, "127.0.0.1:1");
        service.Apply(Routes.To() with { Instances = [instance] });
        var exchange = new Exchange(time, TimeSpan.FromSeconds(1));
        service.TryPick(exchange).ShouldNotBeNull();

        service.Apply(Routes.To() with { Draining = [new DrainingInstance("a", 1, instance.Address, time.GetUtcNow().AddSeconds(30))] });
        time.Advance(TimeSpan.FromSeconds(29));
        exchange.Cancellation.IsCancellationRequested.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(2));

        exchange.Cancellation.IsCancellationRequested.ShouldBeTrue();
        exchange.EndReason.ShouldBe(EndReason.Drained);
    }

    [Fact]
    public void Exchange_EndedForAFormerTurn_IsLeftAlone()
    {
        var exchange = new Exchange(TimeProvider.System, TimeSpan.FromSeconds(1));
        exchange.Begin(new FeatureCollection());
        var turn = exchange.Turn;
        exchange.Finish();
        exchange.Begin(new FeatureCollection());

        exchange.End(EndReason.Drained, turn);

        exchange.Cancellation.IsCancellationRequested.ShouldBeFalse();
        exchange.EndReason.ShouldBe(EndReason.None);
    }

    private sealed class Signals : ITrafficSignals
    {
        public ConcurrentQueue<string> Idle { get; } = new();

        public void CapacityWanted(RoutedService service)
        {
        }

        public void Ejected(Instance instance, string reason)
        {
        }

        public void BecameIdle(Instance instance) => Idle.Enqueue(instance.Id);
    }
}
