using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http.Features;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Admission;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Routing;
using Sanbashi.Gateway.Tests.Support;
using Sanbashi.Gateway.Traffic;

namespace Sanbashi.Gateway.Tests.Routing;

/// <summary>The share that goes to a canary.</summary>
public sealed class SplitTests
{
    private static readonly FeatureCollection _features = new();

    /// <summary>
    /// Whatever the share, the number of instances on each side and how many requests are open when others come: of every hundred requests in a row, so many go
    /// to the canary, and of any number of them never more than a few more or less than the share of it.
    /// </summary>
    [Fact]
    public void Share_OfAnyNumberOfInstances_IsExact() => Prop.ForAll(
        Gen.Choose(0, 100).SelectMany(percent => Gen.Choose(1, 9).SelectMany(serving => Gen.Choose(1, 9).SelectMany(canaries => Gen.Choose(0, 20).Select(open => (percent, serving, canaries, open))))).ToArbitrary(),
        world =>
        {
            var (percent, serving, canaries, open) = world;
            var service = Service(Route(percent, serving, canaries));
            var held = new Queue<(Exchange Exchange, Instance Instance)>();
            var free = new Stack<Exchange>(Enumerable.Range(0, open + 1).Select(_ => NewExchange()));
            var went = new List<bool>();
            for (var i = 0; i < 700; i++)
            {
                var exchange = free.Pop();
                var instance = service.TryPick(exchange)!;
                went.Add(instance.Revision == 2);
                held.Enqueue((exchange, instance));
                while (held.Count > open)
                {
                    var (done, at) = held.Dequeue();
                    service.Release(done, at);
                    done.Finish();
                    done.Begin(_features);
                    free.Push(done);
                }
            }

            for (var from = 0; from + 100 <= went.Count; from++)
            {
                went.Skip(from).Take(100).Count(isCanary => isCanary).ShouldBe(percent, $"from the {from}th on");
            }

            for (var count = 1; count <= went.Count; count++)
            {
                Math.Abs(went.Take(count).Count(isCanary => isCanary) - (count * percent / 100.0)).ShouldBeLessThan(4);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Share_ThatChanges_IsTheNewOneFromThereOn()
    {
        var service = Service(Route(10, 2, 1));
        Count(service, 100).ShouldBe(10);
        service.Apply(Route(50, 2, 1));
        Count(service, 100).ShouldBe(50);
        service.Apply(Route(0, 2, 1));
        Count(service, 100).ShouldBe(0);
    }

    [Fact]
    public async Task Request_WhoseSideIsFull_WaitsForIt_AndLetsOthersPass()
    {
        var route = Route(50, 1, 1);
        var service = Service(route with { Canary = route.Canary! with { MaxConcurrency = 1 } });
        var waiting = new List<Task<AdmissionResult>>();
        var served = new List<Instance>();
        for (var i = 0; i < 20; i++)
        {
            var admission = service.Queue.Admit(NewExchange()).AsTask();
            if (admission.IsCompletedSuccessfully)
            {
                served.Add((await admission).Instance!);
            }
            else
            {
                waiting.Add(admission);
            }
        }

        served.Count(instance => instance.Revision == 1).ShouldBe(10);
        waiting.Count.ShouldBe(9, "ten are the canary's, and it has room for one");
        var (serving, canary) = service.Load(takesHighest: true);
        serving.ShouldBe(new ServiceLoad(10, 0, 10));
        canary.ShouldBe(new ServiceLoad(1, 9, 10));

        // The canary is withdrawn: nobody has to wait for it any more.
        service.Apply(route with { Canary = null });
        (await Task.WhenAll(waiting).InTime()).ShouldAllBe(admission => admission.Instance!.Revision == 1);
        service.Load(takesHighest: false).ShouldBe((new ServiceLoad(20, 0, 20), null));
    }

    [Fact]
    public void Canary_ThatCanTakeNobody_LeavesItsShareToTheServingRevision()
    {
        var route = Route(50, 1, 0);
        var service = Service(route with { Canary = route.Canary! with { Availability = RouteAvailability.Unavailable } });

        Count(service, 100).ShouldBe(0);
        service.Load(takesHighest: false).Serving.InFlight.ShouldBe(0);
    }

    [Fact]
    public void ServingRevision_ThatHasFallen_LeavesAllToTheCanary()
    {
        var service = Service(Route(5, 0, 1) with { Availability = RouteAvailability.Unavailable });

        service.View.MayWait.ShouldBeTrue();
        Count(service, 100).ShouldBe(100);
    }

    [Fact]
    public async Task Canary_ThatSleeps_IsWaitedFor_AndAsksForCapacityOfItsOwn()
    {
        var route = Route(50, 1, 0);
        var service = Service(route with { Canary = route.Canary! with { Availability = RouteAvailability.Asleep } });
        var admissions = Enumerable.Range(0, 100).Select(_ => service.Queue.Admit(NewExchange()).AsTask()).ToList();

        admissions.Count(admission => admission.IsCompleted).ShouldBe(50);
        service.Load(takesHighest: false).Canary.ShouldBe(new ServiceLoad(0, 50, 50));

        service.Apply(Route(50, 1, 1));
        (await Task.WhenAll(admissions).InTime()).ShouldAllBe(admission => admission.Instance != null);
    }

    [Fact]
    public void Request_ThatWakesNothing_GoesWhereSomethingIsAwake()
    {
        var route = Route(50, 1, 0);
        var service = Service(route with { Canary = route.Canary! with { Availability = RouteAvailability.Asleep } });

        for (var i = 0; i < 10; i++)
        {
            var exchange = NewExchange();
            exchange.AvoidsWaking = true;
            service.TryPick(exchange)!.Revision.ShouldBe(1);
        }
    }

    [Fact]
    public void Promotion_TakesTheCountsAlong()
    {
        var service = Service(Route(50, 1, 1));
        for (var i = 0; i < 100; i++)
        {
            service.TryPick(NewExchange());
        }

        service.Load(takesHighest: false).ShouldBe((new ServiceLoad(50, 0, 50), new ServiceLoad(50, 0, 50)));

        var promoted = Route(50, 0, 1);
        service.Apply(promoted with { Instances = promoted.Canary!.Instances, Canary = null });
        service.Load(takesHighest: false).ShouldBe((new ServiceLoad(100, 0, 100), null));

        // The next canary begins with nothing.
        service.Apply(promoted with { Instances = promoted.Canary.Instances, Canary = promoted.Canary with { Revision = 3, Beside = 2, Instances = [new RouteInstance("n", 3, "127.0.0.1:99")] } });
        service.Load(takesHighest: false).ShouldBe((new ServiceLoad(100, 0, 100), new ServiceLoad(0, 0, 0)));
    }

    [Fact]
    public void Choosing_AllocatesNothing()
    {
        var service = Service(Route(30, 3, 2));
        var exchanges = Enumerable.Range(0, 500).Select(_ => NewExchange()).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var exchange in exchanges)
        {
            service.Release(exchange, service.TryPick(exchange)!);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(exchanges.Length, "not a byte for each");
    }

    private static int Count(RoutedService service, int requests)
    {
        var canarys = 0;
        for (var i = 0; i < requests; i++)
        {
            var exchange = NewExchange();
            var instance = service.TryPick(exchange)!;
            canarys += instance.Revision == 2 ? 1 : 0;
            service.Release(exchange, instance);
        }

        return canarys;
    }

    private static Exchange NewExchange()
    {
        var exchange = new Exchange(TimeProvider.System, TimeSpan.FromSeconds(1));
        exchange.Begin(_features);
        return exchange;
    }

    private static RoutedService Service(ServiceRoute route)
    {
        var service = new RoutedService(route, TimeProvider.System, new Silence());
        service.Apply(route);
        return service;
    }

    private static ServiceRoute Route(int percent, int serving, int canaries)
    {
        var route = Routes.To().Beside(percent);
        return route with
        {
            Instances = [.. Enumerable.Range(1, serving).Select(number => new RouteInstance($"s{number}", 1, $"127.0.0.1:{number}"))],
            Canary = route.Canary! with { Instances = [.. Enumerable.Range(1, canaries).Select(number => new RouteInstance($"c{number}", 2, $"127.0.0.2:{number}"))] },
        };
    }

    private sealed class Silence : ITrafficSignals
    {
        public void CapacityWanted(RoutedService service)
        {
        }

        public void Ejected(Instance instance, string reason)
        {
        }

        public void BecameIdle(Instance instance)
        {
        }
    }
}
