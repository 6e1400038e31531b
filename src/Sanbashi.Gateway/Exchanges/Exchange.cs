using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sanbashi.Gateway.Answers;
using Sanbashi.Gateway.Forwarding;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Exchanges;

/// <summary>
/// One request and its answer on the way through. The server reuses the object for the next request of the same connection or stream,
/// so whoever holds one from another thread names the <see cref="Turn"/> it means.
/// </summary>
internal sealed class Exchange
{
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _streamEndGrace;
    private readonly Lock _ending = new();
    private readonly DefaultHttpContext _context;
    private CancellationTokenSource _cancellation;
    private EndReason _endReason;
    private IEndableStream? _stream;
    private ITimer? _graceTimer;
    private long _deadline = long.MaxValue;
    private long _longestSilence = long.MaxValue;
    private long _lastActivity;
    private IPAddress? _clientAddress;
    private string _clientText = "";

    public Exchange(TimeProvider timeProvider, TimeSpan streamEndGrace)
    {
        _timeProvider = timeProvider;
        _streamEndGrace = streamEndGrace;
        _context = new DefaultHttpContext();
        _cancellation = new CancellationTokenSource();
    }

    public HttpContext Context => _context;

    /// <summary>Grows with every request that the object is reused for.</summary>
    public long Turn { get; private set; }

    /// <summary>Neighbours in the list of exchanges on one instance. Guarded by the instance.</summary>
    public Exchange? Older { get; set; }

    public Exchange? Newer { get; set; }

    /// <summary>Cancelled when the exchange must end now: time is over, or it did not end in its own way in time.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    public EndReason EndReason => _endReason;

    public long Started { get; private set; }

    /// <summary>When the response headers of a stream came; 0 for other answers.</summary>
    public long StreamStarted { get; private set; }

    public RoutedService? Service { get; set; }

    /// <summary>The instance that answered, or was tried last.</summary>
    public Instance? Instance { get; set; }

    public string RequestId { get; set; } = "";

    /// <summary>Bytes of the response body that were passed on; -1 where the answer broke off before its known length.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>Status for log and metrics where it differs from the one sent: 499 for a client that went away; 0 otherwise.</summary>
    public int StatusOverride { get; set; }

    /// <summary>What went wrong, for the access log; null if nothing did.</summary>
    public string? Failure { get; set; }

    /// <summary>Kept with the exchange object, made by the forwarder at first use.</summary>
    public ExchangeTransformer? Transformer { get; set; }

    /// <summary>The call is gRPC, or its service counts every call as a stream.</summary>
    public bool IsGrpc { get; set; }

    /// <summary>The Authorization header was for the gateway and is not passed on.</summary>
    public bool HidesAuthorization { get; set; }

    /// <summary>The instance that the client's cookie names, if it takes requests; null for a new client.</summary>
    public Instance? StickyInstance { get; set; }

    /// <summary>The Set-Cookie header that the answer gets; null for none.</summary>
    public string? StickyCookie { get; set; }

    /// <summary>It is decided what the exchange is and where it belongs.</summary>
    public bool IsPlaced { get; set; }

    /// <summary>It asks for a stream, and streams are limited apart.</summary>
    public bool IsStream { get; set; }

    /// <summary>It is one of the canary's share.</summary>
    public bool WantsCanary { get; set; }

    /// <summary>It is not worth waking anything for.</summary>
    public bool AvoidsWaking { get; set; }

    /// <summary>It is counted among its instance's streams. Guarded by the instance.</summary>
    public bool CountsAsStream { get; set; }

    /// <summary>What the gateway answers instead of the instance's answer, which is not passed on; null in the usual case.</summary>
    public GatewayAnswer? Refusal { get; set; }

    /// <summary>The connection was handed over to another protocol.</summary>
    public bool IsUpgraded { get; set; }

    public void Begin(IFeatureCollection features)
    {
        _context.Initialize(features);
        Started = _timeProvider.GetTimestamp();
    }

    /// <summary>Address of the peer; the text is kept from request to request of one connection.</summary>
    public string ClientAddress
    {
        get
        {
            var address = _context.Connection.RemoteIpAddress;
            if (address is null)
            {
                return "";
            }

            if (!ReferenceEquals(address, _clientAddress))
            {
                _clientAddress = address;
                _clientText = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
            }

            return _clientText;
        }
    }

    public TimeSpan Elapsed => _timeProvider.GetElapsedTime(Started);

    /// <summary>Ends the exchange when this much time, in the clock's ticks, has passed since it began.</summary>
    public void SetDeadline(long total) => Volatile.Write(ref _deadline, Started + total);

    /// <summary>Replaces the deadline by a limit on silence; <see cref="Touch"/> says that something moved.</summary>
    public void WatchSilence(long longest)
    {
        Touch();
        Volatile.Write(ref _longestSilence, longest);
        Volatile.Write(ref _deadline, long.MaxValue);
    }

    /// <summary>Whether time is over, and whose; read by the clock from another thread.</summary>
    public EndReason OverAt(long now) =>
        now >= Volatile.Read(ref _deadline) ? EndReason.TimedOut
        : Volatile.Read(ref _longestSilence) is var longest && longest != long.MaxValue && now - Volatile.Read(ref _lastActivity) >= longest ? EndReason.Idle
        : EndReason.None;

    public void Touch() => Volatile.Write(ref _lastActivity, _timeProvider.GetTimestamp());

    /// <summary>From here on the answer is a stream: it has no deadline, and ends properly when it has to.</summary>
    public void BecomeStream(IEndableStream stream, long longestSilence)
    {
        StreamStarted = _timeProvider.GetTimestamp();
        WatchSilence(longestSilence);
        lock (_ending)
        {
            _stream = stream;
        }
    }

    /// <summary>Ends the exchange if it is still the one that is meant: a stream in its own way and then, or anything else at once, by cancelling.</summary>
    public void End(EndReason reason, long turn)
    {
        IEndableStream stream;
        lock (_ending)
        {
            if (turn != Turn || _endReason != EndReason.None)
            {
                return;
            }

            _endReason = reason;
            if (_stream is null)
            {
                Cut();
                return;
            }

            stream = _stream;
            _graceTimer = _timeProvider.CreateTimer(_ => CutIfStill(turn), null, _streamEndGrace, Timeout.InfiniteTimeSpan);
        }

        stream.BeginEnd(reason);
    }

    /// <summary>Makes ready for the next request.</summary>
    public void Finish()
    {
        lock (_ending)
        {
            Turn++;
            _stream = null;
            _endReason = EndReason.None;
            _graceTimer?.Dispose();
            _graceTimer = null;

            // A cancelled source is left to the collector: its callbacks may still run.
            if (_cancellation.IsCancellationRequested)
            {
                _cancellation = new CancellationTokenSource();
            }
        }

        _deadline = long.MaxValue;
        _longestSilence = long.MaxValue;

        Service = null;
        Instance = null;
        RequestId = "";
        ResponseBytes = 0;
        StatusOverride = 0;
        StreamStarted = 0;
        Failure = null;
        IsGrpc = false;
        IsUpgraded = false;
        HidesAuthorization = false;
        StickyInstance = null;
        StickyCookie = null;
        IsPlaced = false;
        IsStream = false;
        WantsCanary = false;
        AvoidsWaking = false;
        CountsAsStream = false;
        Refusal = null;
        _context.Uninitialize();
    }

    private void CutIfStill(long turn)
    {
        lock (_ending)
        {
            if (turn == Turn)
            {
                Cut();
            }
        }
    }

    // Callbacks run on the pool, never under the lock.
    private void Cut() => _ = _cancellation.CancelAsync();
}
