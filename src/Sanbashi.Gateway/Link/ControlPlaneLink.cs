using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Routing;
using Sanbashi.Gateway.Snapshots;
using Sanbashi.Gateway.Traffic;

namespace Sanbashi.Gateway.Link;

/// <summary>
/// The gateway's side of the connection to the control plane.
/// <list type="number">
/// <item>Connect and say hello; retry with growing pauses for as long as the gateway runs.</item>
/// <item>Receive: apply every message that has arrived, keep the result on disk, and then, once for all of them, have it acknowledged.</item>
/// <item>Send: a report and the acknowledgement after a change (in this order, so that whoever hears the acknowledgement knows what is still in
/// flight), ejections and wishes for capacity at once, and a report each second while something changes.</item>
/// </list>
/// </summary>
internal sealed class ControlPlaneLink(
    string path,
    string gatewayId,
    RoutingState routing,
    SignalBoard signals,
    SnapshotFile snapshotFile,
    TimeProvider timeProvider,
    ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TrafficReporter _reporter = new(routing);
    private readonly long _begun = timeProvider.GetTimestamp();
    private Task _running = Task.CompletedTask;
    private long _appliedSequence;
    private long _storedSequence;
    private long _acknowledgedSequence;
    private volatile bool _isConnected;

    /// <summary>Whether the control plane's routes have arrived over the connection that is open now.</summary>
    public bool IsConnected => _isConnected;

    /// <summary>Completes when routes have arrived, or when the first attempt to get them has failed.</summary>
    public Task FirstAttempt => _firstAttempt.Task;

    public void Start() => _running = Task.Run(() => KeepConnected(_stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task KeepConnected(CancellationToken cancellationToken)
    {
        // 1. Connect
        var pause = GatewayDefaults.LinkFirstBackoff;
        var wasConnected = true;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
                wasConnected = true;
                await Converse(socket, cancellationToken).ConfigureAwait(false);
                pause = GatewayDefaults.LinkFirstBackoff;
                logger.LinkLost(path, "closed by the control plane");
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is SocketException or IOException or InvalidDataException or JsonException)
            {
                // Said once when it is lost, not at every attempt.
                if (wasConnected)
                {
                    logger.LinkLost(path, exception.Message);
                    wasConnected = false;
                }
            }
            finally
            {
                if (_isConnected)
                {
                    pause = GatewayDefaults.LinkFirstBackoff;
                }

                _isConnected = false;
                _firstAttempt.TrySetResult();
            }

            try
            {
                await Task.Delay(pause, timeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            pause = pause * 2 < GatewayDefaults.LinkLastBackoff ? pause * 2 : GatewayDefaults.LinkLastBackoff;
        }
    }

    private async Task Converse(Socket socket, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        await Send(stream, new GatewayHello(GatewayProtocol.Version, gatewayId, routing.Sequence) { AgeMilliseconds = (long)timeProvider.GetElapsedTime(_begun).TotalMilliseconds }, cancellationToken).ConfigureAwait(false);

        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = Task.CompletedTask;
        try
        {
            while (await MessageLines.Read(reader, RoutingJsonContext.Default.ControlPlaneMessage, GatewayDefaults.MaxLinkMessageBytes, cancellationToken).ConfigureAwait(false) is { Count: > 0 } messages)
            {
                Apply(messages);
                if (_isConnected && sending.IsCompleted)
                {
                    // Only once the routes are there: before them, a report would say nothing.
                    sending = KeepSending(stream, over.Token);
                }
            }
        }
        finally
        {
            _isConnected = false;
            await over.CancelAsync().ConfigureAwait(false);
            await reader.CompleteAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // 2. Receive
    private void Apply(List<ControlPlaneMessage> messages)
    {
        var sequenceBefore = _appliedSequence;
        foreach (var message in messages)
        {
            switch (message)
            {
                case ControlPlaneHello hello:
                    Check(hello);
                    break;
                case SnapshotMessage snapshot:
                    routing.Replace(snapshot.Snapshot, snapshot.Unsettled);
                    _appliedSequence = snapshot.Snapshot.Sequence;
                    sequenceBefore = -1;
                    break;
                case RouteChanged change:
                    routing.Change(change.Sequence, change.Route);
                    _appliedSequence = change.Sequence;
                    break;
                case RouteRemoved removal:
                    routing.Remove(removal.Sequence, removal.ServiceId);
                    _appliedSequence = removal.Sequence;
                    break;
            }
        }

        if (_appliedSequence == sequenceBefore)
        {
            return;
        }

        // On disk before it is acknowledged: a gateway that is killed now must not come back with routes to instances that are gone.
        snapshotFile.Write(routing.Capture());
        Volatile.Write(ref _storedSequence, _appliedSequence);
        if (sequenceBefore < 0)
        {
            Volatile.Write(ref _acknowledgedSequence, -1);
            _isConnected = true;
        }

        signals.Wake();
        _firstAttempt.TrySetResult();
    }

    private void Check(ControlPlaneHello hello)
    {
        if (hello.Version < GatewayProtocol.OldestUnderstood)
        {
            logger.LinkVersionMismatch(path, hello.Version, GatewayProtocol.OldestUnderstood, GatewayProtocol.Version);
            throw new InvalidDataException($"the control plane speaks version {hello.Version}, {GatewayProtocol.OldestUnderstood} is the oldest understood");
        }

        logger.LinkConnected(path, hello.Version);
    }

    // 3. Send
    private async Task KeepSending(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            await using var tick = timeProvider.CreateTimer(static state => ((SignalBoard)state!).Wake(), signals, GatewayDefaults.ReportInterval, GatewayDefaults.ReportInterval).ConfigureAwait(false);
            var lastWished = new Dictionary<RoutedService, long>();
            var lastReport = timeProvider.GetTimestamp();
            SayWhoWaits();
            while (true)
            {
                if (await SendAcknowledgement(stream, cancellationToken).ConfigureAwait(false))
                {
                    lastReport = timeProvider.GetTimestamp();
                }

                while (signals.TryTakeEjection(out var ejection))
                {
                    await Send(stream, ejection, cancellationToken).ConfigureAwait(false);
                }

                await SendWishes(stream, lastWished, cancellationToken).ConfigureAwait(false);
                if (signals.TakeIdle())
                {
                    await Send(stream, _reporter.Report(), cancellationToken).ConfigureAwait(false);
                    lastReport = timeProvider.GetTimestamp();
                }
                else if (timeProvider.GetElapsedTime(lastReport) >= GatewayDefaults.ReportInterval)
                {
                    lastReport = timeProvider.GetTimestamp();
                    if (_reporter.ReportIfChanged() is { } report)
                    {
                        await Send(stream, report, cancellationToken).ConfigureAwait(false);
                    }
                }

                await signals.WaitForSignal(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The receiving side sees the same end and reports it; without a sender the connection is useless, so make sure that it does.
            stream.Close();
        }
    }

    /// <summary>Requests that began to wait while nobody listened.</summary>
    private void SayWhoWaits()
    {
        foreach (var service in routing.Services().Where(static service => service.Queue.Waiting > 0))
        {
            signals.CapacityWanted(service);
        }
    }

    private void SayWhatIsEjected()
    {
        foreach (var instance in routing.Services().SelectMany(static service => service.Instances()).Where(static instance => instance.Standing == InstanceStanding.Ejected))
        {
            signals.Ejected(instance, $"refused a connection at {instance.Address}");
        }
    }

    private async ValueTask<bool> SendAcknowledgement(Stream stream, CancellationToken cancellationToken)
    {
        // Read before the report is made: what this sequence closed is closed in the report too.
        var applied = Volatile.Read(ref _storedSequence);
        if (applied == Volatile.Read(ref _acknowledgedSequence))
        {
            return false;
        }

        await Send(stream, _reporter.Report(), cancellationToken).ConfigureAwait(false);
        await Send(stream, new RouteApplied(applied), cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _acknowledgedSequence, applied);

        // What was said before the acknowledgement counts as confirmed by it; what is ejected now is said again.
        SayWhatIsEjected();
        return true;
    }

    private async ValueTask SendWishes(Stream stream, Dictionary<RoutedService, long> lastWished, CancellationToken cancellationToken)
    {
        foreach (var service in signals.TakeWishes())
        {
            if (service.Queue.Waiting == 0)
            {
                continue;
            }

            if (lastWished.TryGetValue(service, out var last) && timeProvider.GetElapsedTime(last) < GatewayDefaults.CapacityWantedInterval)
            {
                WishLater(service);
                continue;
            }

            lastWished[service] = timeProvider.GetTimestamp();
            var (serving, canary) = service.Load(takesHighest: false);
            var wish = new CapacityWanted(service.Id, service.Queue.Waiting, service.InFlight);
            await Send(stream, service.HasLoadOfItsOwn ? wish with { Serving = serving, Canary = canary } : wish, cancellationToken).ConfigureAwait(false);
        }

        if (lastWished.Count > 1000)
        {
            lastWished.Clear();
        }
    }

    private void WishLater(RoutedService service)
    {
        ITimer? timer = null;
        timer = timeProvider.CreateTimer(
            _ =>
            {
                signals.CapacityWanted(service);
                timer?.Dispose();
            },
            null,
            GatewayDefaults.CapacityWantedInterval,
            Timeout.InfiniteTimeSpan);
    }

    private static ValueTask Send(Stream stream, GatewayMessage message, CancellationToken cancellationToken) =>
        MessageLines.Write(stream, message, RoutingJsonContext.Default.GatewayMessage, cancellationToken);
}
