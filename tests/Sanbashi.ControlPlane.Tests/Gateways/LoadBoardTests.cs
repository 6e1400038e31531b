using Sanbashi.ControlPlane.Gateways;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Tests.Gateways;

public sealed class LoadBoardTests
{
    private const string Service = "s";
    private static readonly LoadKey _serving = new(Service);
    private static readonly LoadKey _canary = new(Service, IsCanary: true);

    private readonly ManualTime _time = new();

    [Fact]
    public void Load_OfEachSide_IsKeptApart()
    {
        var board = new LoadBoard(_time);
        board.Record(_serving, 9, 1, 10);
        board.Record(_canary, 1, 0, 3);

        board.Read(_serving, isKnown: true).Open.ShouldBe(10);
        board.Read(_canary, isKnown: true).ShouldSatisfyAllConditions(demand => demand.Open.ShouldBe(1), demand => demand.PeakOpen().ShouldBe(3));
    }

    [Fact]
    public void History_OfAnotherShare_IsNotKnown()
    {
        var board = new LoadBoard(_time);
        _time.Advance(TimeSpan.FromHours(1));
        board.Follow(Route(2, 10), Route(2, 10));
        ShouldBe(board.Read(_canary, isKnown: true).KnownSince, _time.GetUtcNow().AddHours(-1));

        board.Follow(Route(2, 10), Route(2, 50));

        ShouldBe(board.Read(_canary, isKnown: true).KnownSince, _time.GetUtcNow());
        ShouldBe(board.Read(_serving, isKnown: true).KnownSince, _time.GetUtcNow());
        board.Read(_serving, isKnown: false).KnownSince.ShouldBeNull();
        ShouldBe(board.Read(new LoadKey("other"), isKnown: true).KnownSince, _time.GetUtcNow().AddHours(-1));
    }

    [Fact]
    public void Load_OfACanary_IsNotTheNextOnes()
    {
        var board = new LoadBoard(_time);
        board.Record(_canary, 5, 0, 5);

        board.Follow(Route(2, 10), Route(2, 20));
        board.Read(_canary, isKnown: true).Open.ShouldBe(5);
        board.Follow(Route(2, 20), Route(3, 20));
        board.Read(_canary, isKnown: true).Open.ShouldBe(0);
    }

    /// <summary>The clock goes on a little at each look.</summary>
    private static void ShouldBe(DateTimeOffset? moment, DateTimeOffset expected) => moment.ShouldNotBeNull().ShouldBe(expected, TimeSpan.FromSeconds(1));

    private static ServiceRoute Route(int canary, int percent) => new()
    {
        ServiceId = Service,
        ServiceName = "app",
        ServiceArn = "arn",
        Hosts = [],
        Availability = RouteAvailability.Serving,
        Instances = [],
        Draining = [],
        Limits = new RouteLimits(),
        Canary = new RouteCanary
        {
            Revision = canary, Beside = 1, Percent = percent, Availability = RouteAvailability.Serving, Instances = [], MaxConcurrency = 100, Protocol = InstanceProtocol.Http1,
        },
    };
}
