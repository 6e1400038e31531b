using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Sanbashi.Gateway.Access;
using Sanbashi.Gateway.AccessLogs;
using Sanbashi.Gateway.Certificates;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Forwarding;
using Sanbashi.Gateway.Hosting;
using Sanbashi.Gateway.Link;
using Sanbashi.Gateway.Overload;
using Sanbashi.Gateway.Routing;
using Sanbashi.Gateway.Snapshots;
using Sanbashi.Gateway.Traffic;

namespace Sanbashi.Gateway;

/// <summary>The gateway of one process: the data plane between clients and instances.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly GatewayOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly RoutingState _routing;
    private readonly BackendClients _clients;
    private readonly GatewayServer _server;
    private readonly CertificateShelf? _certificates;
    private readonly AccessLog? _accessLog;
    private readonly ControlPlaneLink? _link;
    private readonly PasswordVerifier _passwords = new();
    private readonly EjectedProbe _probe;
    private readonly DeadlineClock _clock;
    private readonly GatewayApplication _application;
    private bool _isStopped;

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Owned and disposed by this object.")]
    private GatewayHost(GatewayOptions options, ILoggerFactory loggerFactory, TimeProvider timeProvider)
    {
        _options = options;
        _timeProvider = timeProvider;
        _logger = loggerFactory.CreateLogger("Sanbashi.Gateway");

        var signals = new SignalBoard();
        _routing = new RoutingState(timeProvider, signals, _logger);
        var snapshotFile = new SnapshotFile(options.SnapshotPath, _logger);
        if (snapshotFile.Read() is { } snapshot)
        {
            _routing.Replace(snapshot, []);
        }

        if (options.Certificates.Count > 0)
        {
            _certificates = new CertificateShelf(options.Certificates, timeProvider, _logger);
        }
        else if (options.Listeners.Any(static listener => listener.Kind == ListenerKind.Https))
        {
            throw new ArgumentException("An https listener was given, but no certificate.", nameof(options));
        }

        if (options.ControlSocketPath is not null)
        {
            _link = new ControlPlaneLink(options.ControlSocketPath, options.GatewayId, _routing, signals, snapshotFile, timeProvider, _logger);
        }

        _probe = new EjectedProbe(_routing, () => _link?.IsConnected == true, timeProvider, _logger);
        _clock = new DeadlineClock(_routing, timeProvider);
        _accessLog = options.LogFolder is null ? null : new AccessLog(options.LogFolder, options.AccessLogFileBytes, timeProvider, _logger);
        _clients = new BackendClients();
        var memory = new MemoryGuard(options.MemoryCeilingBytes, options.UsedMemory, timeProvider, _logger);
        _server = GatewayServer.Build(options, _certificates, memory, loggerFactory);
        var trustedProxies = new TrustedProxies(options.TrustedProxies);
        var forwarder = new YarpForwarder(_server.Forwarder, _clients, new ForwardedHeaders(trustedProxies));
        var access = new AccessGuard(_passwords, trustedProxies, timeProvider);
        var redirect = options.RedirectToHttpsPort is { } port ? new HttpsRedirect(port, trustedProxies) : null;
        var handler = new ExchangeHandler(_routing, forwarder, _accessLog is null ? new NoAccessLog() : _accessLog, _clock, memory, access, redirect, options.RoutesWait, timeProvider, _logger);
        _application = new GatewayApplication(handler, timeProvider, options.StreamEndGrace);
    }

    /// <summary>Where the gateway listens, as URLs, in the order of <see cref="GatewayOptions.Listeners"/>.</summary>
    public IReadOnlyList<string> Addresses => _server.Addresses;

    /// <summary>Requests that are open on instances now.</summary>
    public int InFlight => _routing.Services().Sum(static service => service.InFlight);

    /// <summary>
    /// Serves until <paramref name="stop"/> is cancelled, then drains and returns. Throws if a listener cannot be opened or a certificate cannot be read.
    /// </summary>
    public static async Task Run(GatewayOptions options, ILoggerFactory loggerFactory, CancellationToken stop)
    {
        await using var gateway = await Start(options, loggerFactory, TimeProvider.System, stop).ConfigureAwait(false);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }

        await gateway.Stop().ConfigureAwait(false);
    }

    /// <summary>Returns once the gateway accepts connections.</summary>
    public static async Task<GatewayHost> Start(GatewayOptions options, ILoggerFactory loggerFactory, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Listeners.Count == 0)
        {
            throw new ArgumentException("The gateway was given no listener.", nameof(options));
        }

        var gateway = new GatewayHost(options, loggerFactory, timeProvider);
        try
        {
            await gateway.Open(cancellationToken).ConfigureAwait(false);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Closes the listening sockets, lets open requests finish for the drain time, then ends what is left: WebSockets with 1001, event streams with
    /// their proper end, the rest by a cut.
    /// </summary>
    /// <param name="drainTimeout">Instead of <see cref="GatewayOptions.DrainTimeout"/>: there is more time when another gateway serves already.</param>
    /// <param name="hurry">Cancelled when that time is no longer there: from then on it is <see cref="GatewayOptions.DrainTimeout"/> at most.</param>
    public async Task Stop(TimeSpan? drainTimeout = null, CancellationToken hurry = default)
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        var drain = drainTimeout ?? _options.DrainTimeout;
        _logger.Stopping(InFlight, drain);
        using var cutOff = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _timeProvider);
        var stopping = _server.Stop(cutOff.Token);
        if (!await IsDrained(stopping, drain, hurry).ConfigureAwait(false))
        {
            _logger.DrainTimeOver(InFlight);
            foreach (var service in _routing.Services())
            {
                service.Queue.TurnAway();
                foreach (var instance in service.Instances())
                {
                    instance.EndAll(EndReason.Stopping);
                }
            }

            // A little longer than the streams' own grace, so that it is theirs that ends them.
            cutOff.CancelAfter(_options.StreamEndGrace + TimeSpan.FromSeconds(1));
            await stopping.ConfigureAwait(false);
        }

        _logger.Stopped();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        await _probe.DisposeAsync().ConfigureAwait(false);
        await _clock.DisposeAsync().ConfigureAwait(false);
        if (_link is not null)
        {
            await _link.DisposeAsync().ConfigureAwait(false);
        }

        if (_accessLog is not null)
        {
            await _accessLog.DisposeAsync().ConfigureAwait(false);
        }

        _certificates?.Dispose();
        _passwords.Dispose();
        _clients.Dispose();
    }

    private async Task Open(CancellationToken cancellationToken)
    {
        if (_link is not null)
        {
            // Routes on disk may be older than a switch; the control plane's come first if it is there. Meanwhile connections wait in the sockets' backlog.
            _link.Start();
            await IsDoneWithin(_link.FirstAttempt, _options.StartupLinkWait).ConfigureAwait(false);
        }

        await _server.Start(_application, cancellationToken).ConfigureAwait(false);
        _logger.Started(_options.GatewayId, string.Join(", ", Addresses), _routing.Services().Count, _routing.Sequence);
    }

    private async Task<bool> IsDrained(Task stopping, TimeSpan drain, CancellationToken hurry)
    {
        var started = _timeProvider.GetTimestamp();
        try
        {
            return await IsDoneWithin(stopping, drain, hurry).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
            var left = drain - _timeProvider.GetElapsedTime(started);
            return await IsDoneWithin(stopping, TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, _options.DrainTimeout.Ticks))).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsDoneWithin(Task task, TimeSpan limit, CancellationToken cancellationToken = default)
    {
        try
        {
            await task.WaitAsync(limit, _timeProvider, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            return false;
        }
    }
}
