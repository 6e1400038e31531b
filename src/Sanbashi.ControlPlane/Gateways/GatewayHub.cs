using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Metrics;
using Sanbashi.Domain.Metrics;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;

namespace Sanbashi.ControlPlane.Gateways;

/// <summary>
/// The control plane's side of the gateway link, for any number of gateways at once. See README.md in this folder for what holds.
/// <list type="number">
/// <item>A connection says hello and waits until <see cref="SetInitial"/> has been called; then it gets a snapshot and everything that follows.</item>
/// <item>Each published route gets the next sequence number; publishing completes when all gateways connected at that moment have applied it or are gone.
/// If none is connected and one is expected back, it completes when that one has applied it, or is not expected any more.</item>
/// <item>What gateways report is kept per connection and summed when asked for.</item>
/// </list>
/// </summary>
public sealed class GatewayHub : IRoutePublisher, IGatewayReports, IAsyncDisposable
{
    private readonly string _socketPath;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Lock _state = new();
    private readonly Dictionary<string, ServiceRoute> _routes = [];
    private readonly HashSet<string> _unsettled = [];

    /// <summary>Sequence of the last publication of each service: an ejection that was reported before a gateway had it is answered by it.</summary>
    private readonly Dictionary<string, long> _publishedAt = [];
    private readonly List<GatewaySession> _sessions = [];

    /// <summary>Gateways that may still serve without being connected, with the end of that; empty id: those of an earlier control plane.</summary>
    private readonly Dictionary<string, ITimer> _away = [];

    /// <summary>Completes when a gateway has come, or none is expected any more.</summary>
    private TaskCompletionSource _return = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TrafficLedger _ledger = new();
    private readonly LoadBoard _load;
    private readonly TaskCompletionSource _initial = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<Task> _conversations = [];
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private readonly long _begun;
    private long _sequence;

    public GatewayHub(string socketPath, TimeProvider timeProvider, ILogger<GatewayHub> logger)
    {
        _socketPath = socketPath;
        _timeProvider = timeProvider;
        _logger = logger;
        _load = new LoadBoard(timeProvider);
        _begun = timeProvider.GetTimestamp();

        // Above every sequence of an earlier control plane unless the clock was set back, which hellos put right.
        _sequence = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
    }

    public event Action<string>? ServiceSignalled;

    /// <summary>Connected gateways.</summary>
    public int GatewayCount
    {
        get
        {
            lock (_state)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Listens for gateways. Throws <see cref="IOException"/> if the socket cannot be made.</summary>
    public void Start()
    {
        _listener = Listen(_socketPath);
        _accepting = Task.Run(Accept);
        _logger.HubListens(_socketPath);
    }

    /// <summary>
    /// What the control plane knows at its start, once, before anything is published: routes it can vouch for, and services whose instances it has
    /// not probed yet, of which gateways keep the routes they have until they are published. Gateways get nothing before this is called.
    /// </summary>
    public void SetInitial(IReadOnlyList<ServiceRoute> settled, IReadOnlyList<string> unsettled)
    {
        lock (_state)
        {
            foreach (var route in settled)
            {
                _routes.TryAdd(route.ServiceId, route);
            }

            _unsettled.UnionWith(unsettled.Where(id => !_routes.ContainsKey(id)));
            if (unsettled.Count > 0)
            {
                ExpectBack("");
            }
        }

        _initial.TrySetResult();
    }

    public Task Publish(ServiceRoute route, CancellationToken cancellationToken)
    {
        lock (_state)
        {
            _load.Follow(_routes.GetValueOrDefault(route.ServiceId), route);
            _routes[route.ServiceId] = route;
            _unsettled.Remove(route.ServiceId);
            var sequence = ++_sequence;
            _publishedAt[route.ServiceId] = sequence;
            foreach (var session in _sessions)
            {
                if (session.Ejected.TryGetValue(route.ServiceId, out var ejected))
                {
                    // Those the route lists are confirmed by it; those it does not list are nobody's concern any more.
                    ejected.Clear();
                }
            }

            return Tell(new RouteChanged(sequence, route), sequence, cancellationToken);
        }
    }

    public Task Remove(string serviceId, CancellationToken cancellationToken)
    {
        lock (_state)
        {
            _routes.Remove(serviceId);
            _unsettled.Remove(serviceId);
            _publishedAt.Remove(serviceId);
            _ledger.Forget(serviceId);
            _load.Forget(serviceId);
            foreach (var session in _sessions)
            {
                session.Ejected.Remove(serviceId);
            }

            var sequence = ++_sequence;
            return Tell(new RouteRemoved(sequence, serviceId), sequence, cancellationToken);
        }
    }

    public int? InFlight(string instanceId)
    {
        lock (_state)
        {
            return SumInFlight(instanceId);
        }
    }

    public ServiceDemand Demand(string serviceId)
    {
        lock (_state)
        {
            return _load.Read(new LoadKey(serviceId), IsLoadKnown);
        }
    }

    public ServiceDemand CanaryDemand(string serviceId)
    {
        lock (_state)
        {
            return _load.Read(new LoadKey(serviceId, IsCanary: true), IsLoadKnown);
        }
    }

    public DateTimeOffset? LastUsed(string instanceId)
    {
        lock (_state)
        {
            return _load.LastUsed(instanceId);
        }
    }

    public IReadOnlyCollection<string> Ejected(string serviceId)
    {
        lock (_state)
        {
            HashSet<string>? all = null;
            foreach (var session in _sessions)
            {
                if (session.Ejected.TryGetValue(serviceId, out var ejected))
                {
                    (all ??= []).UnionWith(ejected);
                }
            }

            return all ?? (IReadOnlyCollection<string>)[];
        }
    }

    /// <summary>Requests of the service that wait for capacity, summed over all gateways.</summary>
    public int Waiting(string serviceId)
    {
        lock (_state)
        {
            return _sessions.Sum(session => session.Waiting.GetValueOrDefault(serviceId));
        }
    }

    /// <summary>Traffic of every service that gateways have reported.</summary>
    public IReadOnlyList<ServiceTotals> Totals()
    {
        lock (_state)
        {
            var inFlight = _sessions
                .SelectMany(static session => session.Services)
                .GroupBy(static service => service.ServiceId)
                .ToDictionary(static group => group.Key, static group => group.Sum(static service => service.InFlight));
            return
            [
                .. _ledger.Read().Select(total => new ServiceTotals(
                    total.ServiceId,
                    total.StatusCounts,
                    total.LatencyBuckets,
                    total.LatencySumSeconds,
                    inFlight.GetValueOrDefault(total.ServiceId),
                    _sessions.Sum(session => session.Waiting.GetValueOrDefault(total.ServiceId)))),
            ];
        }
    }

    public IReadOnlyDictionary<string, TrafficFlow> TakeFlows()
    {
        lock (_state)
        {
            return _ledger.TakeFlows();
        }
    }

    public IReadOnlyDictionary<string, TrafficLevel> Levels()
    {
        var levels = new Dictionary<string, TrafficLevel>(StringComparer.Ordinal);
        lock (_state)
        {
            foreach (var session in _sessions)
            {
                foreach (var service in session.Services.Where(service => service.InFlight > 0))
                {
                    levels[service.ServiceId] = levels.GetValueOrDefault(service.ServiceId).Plus(service.InFlight, 0);
                }

                foreach (var (serviceId, waiting) in session.Waiting)
                {
                    levels[serviceId] = levels.GetValueOrDefault(serviceId).Plus(0, waiting);
                }
            }
        }

        return levels;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener?.Dispose();
        await _accepting;
        Task[] conversations;
        lock (_state)
        {
            conversations = [.. _conversations];
        }

        await Task.WhenAll(conversations);
        lock (_state)
        {
            foreach (var end in _away.Values)
            {
                end.Dispose();
            }

            _away.Clear();
        }
    }

    private static Socket Listen(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Bound beside and renamed: the name always leads to a listening socket, and a predecessor that removes its own at its end
            // does not remove this one.
            var temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..6]}";
            socket.Bind(new UnixDomainSocketEndPoint(temporary));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            socket.Listen();
            File.Move(temporary, path, overwrite: true);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new IOException($"Listening for gateways at {path} failed: {exception.Message}", exception);
        }
    }

    private async Task Accept()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener!.AcceptAsync(_stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                _logger.ConnectionDropped(exception.Message);
                continue;
            }

            var conversation = Converse(socket);
            lock (_state)
            {
                _conversations.Add(conversation);
            }

            _ = conversation.ContinueWith(
                done =>
                {
                    lock (_state)
                    {
                        _conversations.Remove(done);
                    }
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
        }
    }

    // 1. Connections
    private async Task Converse(Socket socket)
    {
        await Task.Yield();
        using var owned = socket;
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        GatewaySession? session = null;
        try
        {
            if (await Greet(stream, reader) is not { } hello)
            {
                return;
            }

            await _initial.Task.WaitAsync(_stop.Token);
            session = Join(hello);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, session.Ended);
            var sending = Send(session, stream, over.Token);
            var receiving = Receive(session, reader, over.Token);
            await Task.WhenAny(sending, receiving);
            session.End(null);
            await Task.WhenAll(sending, receiving);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or InvalidDataException or JsonException)
        {
            if (!_stop.IsCancellationRequested && exception is not OperationCanceledException)
            {
                _logger.ConnectionDropped(exception.Message);
            }
        }
        finally
        {
            if (session is not null)
            {
                Leave(session);
            }

            await reader.CompleteAsync();
        }
    }

    private async Task<GatewayHello?> Greet(NetworkStream stream, PipeReader reader)
    {
        using var timeout = new CancellationTokenSource(GatewayHubDefaults.HelloTimeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        if (await GatewayLines.Read(reader, either.Token) is not GatewayHello hello)
        {
            _logger.ConnectionDropped("it did not begin with hello");
            return null;
        }

        if (hello.Version < GatewayProtocol.OldestUnderstood)
        {
            _logger.GatewayTooOld(hello.GatewayId, hello.Version, GatewayProtocol.OldestUnderstood);
            return null;
        }

        var answer = new ArrayBufferWriter<byte>();
        GatewayLines.Write(answer, new ControlPlaneHello(GatewayProtocol.Version));
        await stream.WriteAsync(answer.WrittenMemory, either.Token);
        return hello;
    }

    private GatewaySession Join(GatewayHello hello)
    {
        var session = new GatewaySession(hello.GatewayId, !(hello.AgeMilliseconds <= _timeProvider.GetElapsedTime(_begun).TotalMilliseconds));
        lock (_state)
        {
            // A gateway that connects again has left its former connection, whether or not that has been noticed; its requests must not count twice.
            foreach (var former in _sessions.FindAll(other => other.GatewayId == hello.GatewayId))
            {
                _sessions.Remove(former);
                former.ReleaseAll();
                former.End("it connected again");
            }

            // A gateway that has seen higher numbers would take ours for old ones.
            _sequence = Math.Max(_sequence, hello.LastSequence) + 1;
            session.Tell(new SnapshotMessage(new RoutingSnapshot(RoutingSnapshot.CurrentFormat, _sequence, [.. _routes.Values]), [.. _unsettled]));
            _sessions.Add(session);
            AnnounceReturn();
            _load.Interrupt();
            if (_away.Remove(hello.GatewayId, out var end))
            {
                end.Dispose();
            }
        }

        _logger.GatewayConnected(hello.GatewayId, hello.LastSequence, hello.Version);
        return session;
    }

    private void Leave(GatewaySession session)
    {
        lock (_state)
        {
            _sessions.Remove(session);
            session.ReleaseAll();
            _load.Interrupt();
            foreach (var key in session.Load.Keys)
            {
                RecordLoad(session, key, 0);
            }

            if (!_sessions.Exists(other => other.GatewayId == session.GatewayId))
            {
                ExpectBack(session.GatewayId);
            }
        }

        if (session.EndReason is { } reason)
        {
            _logger.GatewayLetGo(session.GatewayId, reason);
        }
        else
        {
            _logger.GatewayLeft(session.GatewayId);
        }
    }

    /// <summary>Called with the lock held.</summary>
    private void ExpectBack(string gatewayId)
    {
        if (_away.Remove(gatewayId, out var before))
        {
            before.Dispose();
        }

        if (!_stop.IsCancellationRequested)
        {
            _away[gatewayId] = _timeProvider.CreateTimer(_ => GiveUp(gatewayId), null, GatewayHubDefaults.ReturnTime, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>What it had in flight no longer counts, so whoever waits for an instance to be idle looks again.</summary>
    private void GiveUp(string gatewayId)
    {
        List<string> signalled = [];
        lock (_state)
        {
            if (_away.Remove(gatewayId, out var end))
            {
                end.Dispose();
                AnnounceReturn();
                AddDrainingServices(signalled, id => SumInFlight(id) is 0);
                AddAskedInVain(signalled);
            }
        }

        Signal(signalled);
    }

    private static async Task Send(GatewaySession session, NetworkStream stream, CancellationToken cancellationToken)
    {
        var lines = new ArrayBufferWriter<byte>(4096);
        while (await session.Outbound.Reader.WaitToReadAsync(cancellationToken))
        {
            while (session.Outbound.Reader.TryRead(out var message))
            {
                GatewayLines.Write(lines, message);
            }

            await stream.WriteAsync(lines.WrittenMemory, cancellationToken);
            lines.ResetWrittenCount();
        }
    }

    private async Task Receive(GatewaySession session, PipeReader reader, CancellationToken cancellationToken)
    {
        while (await GatewayLines.Read(reader, cancellationToken) is { } message)
        {
            switch (message)
            {
                case RouteApplied applied:
                    lock (_state)
                    {
                        session.Apply(applied.Sequence);
                    }

                    break;
                case TrafficReport report:
                    Take(session, report);
                    break;
                case InstanceEjected ejection:
                    Take(session, ejection);
                    break;
                case CapacityWanted wish:
                    lock (_state)
                    {
                        session.Waiting[wish.ServiceId] = wish.Waiting;
                        NoteLevel(session, wish.ServiceId, wish.InFlight + wish.Waiting);
                        TakeLoad(session, wish.ServiceId, wish.Serving ?? new ServiceLoad(wish.InFlight, wish.Waiting, wish.InFlight + wish.Waiting), wish.Canary);
                    }

                    Signal([wish.ServiceId]);
                    break;
            }
        }
    }

    // 2. Publications. Called with the lock held; waits without it.
    private Task Tell(ControlPlaneMessage message, long sequence, CancellationToken cancellationToken)
    {
        var waits = new List<Task>(_sessions.Count);
        foreach (var session in _sessions)
        {
            session.Tell(message);
            waits.Add(WaitFor(session, session.WhenApplied(sequence), sequence, cancellationToken));
        }

        return _sessions.Count == 0 && _away.Count > 0 ? WaitForReturn(sequence, cancellationToken) : Task.WhenAll(waits);
    }

    /// <summary>Right after a start of the control plane nobody serves what is published, though the gateways are there and will in a moment.</summary>
    private async Task WaitForReturn(long sequence, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task returned;
            lock (_state)
            {
                if (_sessions.Count > 0 || _away.Count == 0)
                {
                    break;
                }

                returned = _return.Task;
            }

            await returned.WaitAsync(cancellationToken);
        }

        List<Task> waits;
        lock (_state)
        {
            // Their snapshots are newer than the publication.
            waits = [.. _sessions.Select(session => WaitFor(session, session.WhenApplied(sequence), sequence, cancellationToken))];
        }

        await Task.WhenAll(waits);
    }

    /// <summary>Called with the lock held.</summary>
    private void AnnounceReturn()
    {
        var returned = _return;
        _return = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        returned.SetResult();
    }

    private async Task WaitFor(GatewaySession session, Task applied, long sequence, CancellationToken cancellationToken)
    {
        try
        {
            await applied.WaitAsync(GatewayHubDefaults.AcknowledgeTimeout, _timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            session.End($"it did not apply sequence {sequence} within {GatewayHubDefaults.AcknowledgeTimeout.TotalSeconds} s");
        }
    }

    // 3. Reports
    private void Take(GatewaySession session, TrafficReport report)
    {
        List<string> signalled = [];
        lock (_state)
        {
            var before = session.InFlight;
            var now = new Dictionary<string, int>(report.Instances.Count);
            foreach (var instance in report.Instances)
            {
                now[instance.InstanceId] = now.GetValueOrDefault(instance.InstanceId) + instance.InFlight;
            }

            session.InFlight = now;
            session.Services = report.Services;
            session.Waiting.Clear();
            session.Load.Clear();
            foreach (var service in report.Services)
            {
                if (service.Waiting > 0)
                {
                    session.Waiting[service.ServiceId] = service.Waiting;
                }

                NoteLevel(session, service.ServiceId, service.Highest);
                if (TakeLoad(session, service.ServiceId, service.Serving ?? new ServiceLoad(service.InFlight, service.Waiting, service.Highest), service.Canary))
                {
                    signalled.Add(service.ServiceId);
                }
            }

            _load.NoteUse(report.Instances);
            AddAskedInVain(signalled);

            _ledger.Add(session.GatewayId, report.Services.Where(service => _routes.ContainsKey(service.ServiceId) || _unsettled.Contains(service.ServiceId)).ToList(), session.IsOlder);
            AddDrainingServices(signalled, id => (before is null || before.ContainsKey(id)) && SumInFlight(id) == 0);
        }

        Signal(signalled);
    }

    private void Take(GatewaySession session, InstanceEjected ejection)
    {
        lock (_state)
        {
            // Said before it had our last word on this service, which confirms the instance or drops it. If it still finds it closed, it says so again.
            if (session.AppliedSequence < _publishedAt.GetValueOrDefault(ejection.ServiceId, -1))
            {
                return;
            }

            if (!session.Ejected.TryGetValue(ejection.ServiceId, out var ejected))
            {
                session.Ejected[ejection.ServiceId] = ejected = [];
            }

            if (!ejected.Add(ejection.InstanceId))
            {
                return;
            }
        }

        _logger.InstanceEjected(session.GatewayId, ejection.InstanceId, ejection.ServiceId, ejection.Reason);
        Signal([ejection.ServiceId]);
    }

    /// <summary>Every gateway that may serve has reported. Asked with the lock held.</summary>
    private bool IsLoadKnown => _away.Count == 0 && _sessions.Count > 0 && _sessions.TrueForAll(static session => session.InFlight is not null);

    private void AddAskedInVain(List<string> services)
    {
        if (IsLoadKnown)
        {
            services.AddRange(_load.TakeAskedInVain());
        }
    }

    /// <summary>True when the load is higher than it lately was. Called with the lock held.</summary>
    private bool TakeLoad(GatewaySession session, string serviceId, ServiceLoad serving, ServiceLoad? canary)
    {
        var isNews = TakeLoad(session, new LoadKey(serviceId), serving);

        // A gateway that has heard of the canary's end says nothing of it: what it had open there is the serving revision's now.
        return TakeLoad(session, new LoadKey(serviceId, IsCanary: true), canary ?? new ServiceLoad(0, 0, 0)) || isNews;
    }

    private bool TakeLoad(GatewaySession session, LoadKey key, ServiceLoad load)
    {
        if (load.InFlight > 0 || load.Waiting > 0)
        {
            session.Load[key] = (load.InFlight, load.Waiting);
        }
        else
        {
            session.Load.Remove(key);
        }

        return RecordLoad(session, key, load.Highest);
    }

    private bool RecordLoad(GatewaySession session, LoadKey key, int highestThere)
    {
        var (inFlight, waiting) = (0, 0);
        foreach (var other in _sessions)
        {
            var there = other.Load.GetValueOrDefault(key);
            inFlight += there.Open;
            waiting += there.Waiting;
        }

        var (open, waits) = _sessions.Contains(session) ? session.Load.GetValueOrDefault(key) : default;
        return _load.Record(key, inFlight, waiting, inFlight + waiting - open - waits + Math.Max(open + waits, highestThere));
    }

    /// <summary>So many are or were open and waiting at one gateway, beside what the others have now. Called with the lock held.</summary>
    private void NoteLevel(GatewaySession session, string serviceId, int highestThere)
    {
        foreach (var other in _sessions.Where(other => other != session))
        {
            var (serving, canary) = (other.Load.GetValueOrDefault(new LoadKey(serviceId)), other.Load.GetValueOrDefault(new LoadKey(serviceId, IsCanary: true)));
            highestThere += serving.Open + serving.Waiting + canary.Open + canary.Waiting;
        }

        _ledger.NoteLevel(serviceId, highestThere);
    }

    private int? SumInFlight(string instanceId)
    {
        if (_away.Count > 0)
        {
            return null;
        }

        int? sum = null;
        foreach (var session in _sessions)
        {
            if (session.InFlight is null)
            {
                return null;
            }

            sum = (sum ?? 0) + session.InFlight.GetValueOrDefault(instanceId);
        }

        return sum;
    }

    private void AddDrainingServices(List<string> services, Func<string, bool> concerns)
    {
        foreach (var route in _routes.Values)
        {
            if (route.Draining.Any(draining => concerns(draining.InstanceId)) || route.Resting.Any(resting => concerns(resting.InstanceId)))
            {
                services.Add(route.ServiceId);
            }
        }
    }

    private void Signal(List<string> serviceIds)
    {
        foreach (var serviceId in serviceIds)
        {
            try
            {
                ServiceSignalled?.Invoke(serviceId);
            }
            catch (Exception exception)
            {
                // A listener's failure must not end the gateway's connection.
                _logger.SignalListenerFailed(serviceId, exception);
            }
        }
    }
}
