using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Gateways;
using Sanbashi.Domain.Metrics;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Link;

/// <summary>The hub against gateways that behave as these tests want.</summary>
public sealed class GatewayHubTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-").FullName;
    private readonly ManualTime _time = new();
    private readonly GatewayHub _hub;

    public GatewayHubTests()
    {
        _hub = new GatewayHub(SocketPath, _time, NullLogger<GatewayHub>.Instance);
        _hub.Start();
    }

    private string SocketPath => Path.Combine(_folder, "run", "gateway.sock");

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Publish_IsCompleteOnlyWhenAcknowledged()
    {
        _hub.SetInitial([], []);
        await using var gateway = await FakeGateway.Join(SocketPath, "a");

        var publishing = _hub.Publish(Routes.To(), CancellationToken.None);
        var change = (RouteChanged)await gateway.Receive();

        publishing.IsCompleted.ShouldBeFalse();
        await gateway.Send(new RouteApplied(change.Sequence));
        await publishing.InTime();
    }

    [Fact]
    public async Task Publish_ToAGatewayThatDoesNotAnswer_LetsItGoAfterTenSeconds()
    {
        _hub.SetInitial([], []);
        await using var silent = await FakeGateway.Join(SocketPath, "silent");

        var publishing = _hub.Publish(Routes.To(), CancellationToken.None);
        await silent.Receive();
        _time.Advance(TimeSpan.FromSeconds(9.9));
        publishing.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.2));

        await publishing.InTime();
        await silent.ShouldBeClosed();
        await Eventually.Holds(() => _hub.GatewayCount == 0, "it does not count any more");
    }

    [Fact]
    public async Task Publish_AfterAStartBeforeAnyGatewayIsBack_WaitsForOneToServeIt()
    {
        _hub.SetInitial([], [Routes.To().ServiceId]);

        var publishing = _hub.Publish(Routes.To(), CancellationToken.None);
        publishing.IsCompleted.ShouldBeFalse();

        // It applies the snapshot that it is given, which has the publication.
        await using var gateway = await FakeGateway.Join(SocketPath, "a");
        await publishing.InTime();
    }

    [Fact]
    public async Task Publish_AfterAStartWhenNoGatewayComesBack_WaitsNoLongerThanOneIsExpected()
    {
        _hub.SetInitial([], [Routes.To().ServiceId]);

        var publishing = _hub.Publish(Routes.To(), CancellationToken.None);
        publishing.IsCompleted.ShouldBeFalse();
        _time.Advance(GatewayHubDefaults.ReturnTime);

        await publishing.InTime();
    }

    [Fact]
    public async Task Publish_WhileAGatewayGoes_DoesNotWaitForIt()
    {
        _hub.SetInitial([], []);
        var gateway = await FakeGateway.Join(SocketPath, "a");
        var publishing = _hub.Publish(Routes.To(), CancellationToken.None);
        await gateway.Receive();

        await gateway.DisposeAsync();

        await publishing.InTime();
    }

    [Fact]
    public async Task Sequence_OfARestartedHub_RisesAboveWhatAGatewayHasSeen()
    {
        _hub.SetInitial([], []);
        var farAhead = _time.GetUtcNow().ToUnixTimeMilliseconds() + 1_000_000;

        await using var gateway = await FakeGateway.Join(SocketPath, "a", farAhead);

        gateway.Snapshot.Snapshot.Sequence.ShouldBeGreaterThan(farAhead);
    }

    [Fact]
    public async Task InFlight_IsTheSumAndUnknownUntilAllHaveReported()
    {
        _hub.SetInitial([], []);
        await using var first = await FakeGateway.Join(SocketPath, "a");
        _hub.InFlight("i").ShouldBeNull();
        await first.Send(new TrafficReport([new InstanceTraffic("i", 2)], []));
        await Eventually.Holds(() => _hub.InFlight("i") == 2, "the report has come");

        await using var second = await FakeGateway.Join(SocketPath, "b");
        _hub.InFlight("i").ShouldBeNull();
        await second.Send(new TrafficReport([new InstanceTraffic("i", 3)], []));

        await Eventually.Holds(() => _hub.InFlight("i") == 5, "both count");
        await second.DisposeAsync();
        await Eventually.Holds(() => _hub.GatewayCount == 1, "one has gone");
        _hub.InFlight("i").ShouldBeNull("it may still serve");
        _time.Advance(GatewayHubDefaults.ReturnTime);
        _hub.InFlight("i").ShouldBe(2);
    }

    [Fact]
    public async Task Gateway_ThatConnectsAgain_ReplacesItsFormerConnection()
    {
        _hub.SetInitial([], []);
        await using var before = await FakeGateway.Join(SocketPath, "a");
        await before.Send(new TrafficReport([new InstanceTraffic("i", 2)], []));
        await Eventually.Holds(() => _hub.InFlight("i") == 2, "the report has come");

        await using var again = await FakeGateway.Join(SocketPath, "a");
        await again.Send(new TrafficReport([new InstanceTraffic("i", 2)], []));

        await Eventually.Holds(() => _hub.InFlight("i") == 2 && _hub.GatewayCount == 1, "it counts once");
        await before.ShouldBeClosed();
    }

    [Fact]
    public async Task Totals_OfAGatewayThatRestarts_NeverFall()
    {
        _hub.SetInitial([Routes.To()], []);
        await using var before = await FakeGateway.Join(SocketPath, "a");
        await before.Send(Report(requests: 10));
        await Eventually.Holds(() => Requests() == 10, "the report has come");
        await before.Send(Report(requests: 12));
        await Eventually.Holds(() => Requests() == 12, "what was added counts");
        await before.DisposeAsync();

        await using var sameAgain = await FakeGateway.Join(SocketPath, "a");
        await sameAgain.Send(Report(requests: 13));
        await Eventually.Holds(() => Requests() == 13, "a reconnected gateway goes on");
        await sameAgain.Send(Report(requests: 4));
        await Eventually.Holds(() => Requests() == 17, "one without its history starts from zero");
        await using var other = await FakeGateway.Join(SocketPath, "b");
        await other.Send(Report(requests: 5));
        await Eventually.Holds(() => Requests() == 22, "another one adds to it");
    }

    [Fact]
    public async Task Ejection_ThatCrossedAPublication_IsNotHeldAgainstTheConfirmedInstance()
    {
        _hub.SetInitial([Routes.To()], []);
        await using var gateway = await FakeGateway.Join(SocketPath, "a");
        var publishing = _hub.Publish(Routes.To(), CancellationToken.None);
        var change = (RouteChanged)await gateway.Receive();

        await gateway.Send(new InstanceEjected(Routes.IdOf(Routes.Host), "i", "refused"));
        await gateway.Send(new RouteApplied(change.Sequence));
        await publishing.InTime();
        _hub.Ejected(Routes.IdOf(Routes.Host)).ShouldBeEmpty();

        await gateway.Send(new InstanceEjected(Routes.IdOf(Routes.Host), "i", "refused"));
        await Eventually.Holds(() => _hub.Ejected(Routes.IdOf(Routes.Host)).SequenceEqual(["i"]), "said after the acknowledgement it counts");
    }

    [Theory]
    [InlineData("{\"type\":\"hello\",\"version\":0,\"gatewayId\":\"a\",\"lastSequence\":0}\n")]
    [InlineData("{\"type\":\"applied\",\"sequence\":0}\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("{\"type\":\"unknown\"}\n")]
    public async Task Connection_ThatIsNoGateway_IsClosed(string opening)
    {
        _hub.SetInitial([], []);
        await using var stranger = await FakeGateway.Connect(SocketPath);

        await stranger.Send(opening);

        await stranger.ShouldBeClosed();
        _hub.GatewayCount.ShouldBe(0);
    }

    [Fact]
    public async Task Listener_OfSignalsThatFails_DoesNotEndTheConnection()
    {
        _hub.SetInitial([Routes.To()], []);
        var heard = new TaskCompletionSource<string>();
        _hub.ServiceSignalled += _ => throw new InvalidOperationException("a bug");
        await using var gateway = await FakeGateway.Join(SocketPath, "a");

        await gateway.Send(new CapacityWanted(Routes.IdOf(Routes.Host), 7, 0));

        await Eventually.Holds(() => _hub.Waiting(Routes.IdOf(Routes.Host)) == 7, "the wish is known");
        await gateway.Send(new TrafficReport([new InstanceTraffic("i", 1)], []));
        await Eventually.Holds(() => _hub.InFlight("i") == 1, "the connection goes on");
    }

    [Fact]
    public async Task Successor_OnTheSameSocketPath_SurvivesThePredecessorsEnd()
    {
        _hub.SetInitial([], []);
        await using var successor = new GatewayHub(SocketPath, _time, NullLogger<GatewayHub>.Instance);
        successor.Start();
        successor.SetInitial([], []);

        await _hub.DisposeAsync();

        await using var gateway = await FakeGateway.Join(SocketPath, "a");
        await Eventually.Holds(() => successor.GatewayCount == 1, "it listens");
        File.GetUnixFileMode(SocketPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Flows_OfTwoGateways_AreSummedAndTakenOnce()
    {
        _hub.SetInitial([Routes.To()], []);
        await using var first = await FakeGateway.Join(SocketPath, "a", ageMilliseconds: 0);
        await using var second = await FakeGateway.Join(SocketPath, "b", ageMilliseconds: 0);
        await first.Send(Report(3));
        await first.Send(Report(5));
        await second.Send(Report(2));
        await Eventually.Holds(() => Requests() == 7, "all reports have come");

        var flow = _hub.TakeFlows()[Routes.IdOf(Routes.Host)];

        flow.Statuses.ShouldBe([0, 7, 0, 0, 0]);
        flow.Latency.Total.ShouldBe(7);
        flow.LatencySeconds.ShouldBe(0.007, 1e-9);
        (flow.Refused, flow.ColdStarts).ShouldBe((7, 7));
        _hub.TakeFlows().ShouldBeEmpty();
    }

    [Fact]
    public async Task Flows_OfAGatewayThatIsOlderThanTheControlPlane_BeginWithWhatItCountsFromNowOn()
    {
        _hub.SetInitial([Routes.To()], []);
        await using var gateway = await FakeGateway.Join(SocketPath, "a", ageMilliseconds: 60_000);
        await gateway.Send(Report(1000));
        await gateway.Send(Report(1004));
        await Eventually.Holds(() => Requests() == 1004, "all reports have come");

        _hub.TakeFlows()[Routes.IdOf(Routes.Host)].Requests.ShouldBe(4);
    }

    private long Requests() => _hub.Totals().SingleOrDefault()?.StatusCounts[1] ?? 0;

    private static TrafficReport Report(long requests)
    {
        var buckets = new long[LatencyBounds.Seconds.Count + 1];
        buckets[0] = requests;
        return new TrafficReport([], [new ServiceTraffic(Routes.IdOf(Routes.Host), 0, 0, 0, [0, requests, 0, 0, 0], buckets, requests * 0.001)
        {
            Latencies = new LatencyCounts(LatencyScale.BucketOf(0.001), [requests]), Refused = requests, ColdStarts = requests,
        }]);
    }

    private sealed class FakeGateway : IAsyncDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private StreamReader _reader = StreamReader.Null;

        public SnapshotMessage Snapshot { get; private set; } = new(RoutingSnapshot.Empty, []);

        public static async Task<FakeGateway> Connect(string path)
        {
            var gateway = new FakeGateway();
            await gateway._socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            gateway._reader = new StreamReader(new NetworkStream(gateway._socket));
            return gateway;
        }

        public static async Task<FakeGateway> Join(string path, string id, long lastSequence = 0, long? ageMilliseconds = null)
        {
            var gateway = await Connect(path);
            await gateway.Send(new GatewayHello(GatewayProtocol.Version, id, lastSequence) { AgeMilliseconds = ageMilliseconds });
            (await gateway.Receive()).ShouldBeOfType<ControlPlaneHello>().Version.ShouldBe(GatewayProtocol.Version);
            gateway.Snapshot = (SnapshotMessage)await gateway.Receive();
            await gateway.Send(new RouteApplied(gateway.Snapshot.Snapshot.Sequence));
            return gateway;
        }

        public Task Send(GatewayMessage message) => Send(JsonSerializer.Serialize(message, RoutingJsonContext.Default.GatewayMessage) + "\n");

        public async Task Send(string text) => await _socket.SendAsync(Encoding.UTF8.GetBytes(text)).InTime();

        public async Task<ControlPlaneMessage> Receive()
        {
            var line = await _reader.ReadLineAsync().InTime() ?? throw new IOException("The hub closed.");
            return JsonSerializer.Deserialize(line, RoutingJsonContext.Default.ControlPlaneMessage)!;
        }

        public async Task ShouldBeClosed()
        {
            try
            {
                while (await _reader.ReadLineAsync().InTime() is not null)
                {
                }
            }
            catch (IOException)
            {
                // Closed with a reset.
            }
        }

        public ValueTask DisposeAsync()
        {
            _socket.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
