namespace Sanbashi.Gateway;

/// <summary>
/// Every limit of the gateway that is not part of a route, with the reason for its number. The limits of one service
/// (request time 120 s, idle time 5 min, queue 1000 x 30 s, concurrency 100) are in <see cref="Domain.Routing.RouteLimits"/>.
/// A request body has no size limit: uploads stream through.
/// </summary>
public static class GatewayDefaults
{
    /// <summary>All request headers of one request together, in bytes. Room for several large cookies and tokens.</summary>
    public const int MaxRequestHeadersBytes = 64 * 1024;

    public const int MaxRequestHeaderCount = 100;

    /// <summary>Method, target and version, in bytes.</summary>
    public const int MaxRequestLineBytes = 16 * 1024;

    /// <summary>Response headers of an instance, in kilobytes.</summary>
    public const int MaxResponseHeadersKilobytes = 64;

    /// <summary>From the first byte of a request to the end of its headers.</summary>
    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Silence between two requests on one client connection. Longer than the 60 s that common load balancers reuse a connection for.</summary>
    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(75);

    /// <summary>TLS handshake of a client.</summary>
    public static readonly TimeSpan TlsHandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Client connections open at once; a further one is closed at once.</summary>
    public const long MaxConnections = 20_000;

    /// <summary>Of these, connections of one listener: a flood on one of them leaves room on the others.</summary>
    public const long MaxListenerConnections = 16_000;

    /// <summary>Memory that the process may use, as a share of the machine's or of its container's.</summary>
    public const double MemoryCeilingShare = 0.5;

    /// <summary>Share of that ceiling from which new requests are answered with 503. From the ceiling itself, new connections are closed at once.</summary>
    public const double ShedAtShare = 0.9;

    /// <summary>How old the knowledge of the used memory may be.</summary>
    public static readonly TimeSpan MemoryCheckInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Least pause between two collections that are forced because memory is short.</summary>
    public static readonly TimeSpan MemoryCollectInterval = TimeSpan.FromSeconds(10);

    /// <summary>Requests at once on one HTTP/2 connection of a client.</summary>
    public const int MaxHttp2Streams = 100;

    /// <summary>Bytes of an HTTP/2 upload that are buffered for one stream, and for one connection.</summary>
    public const int Http2StreamWindowBytes = 768 * 1024;

    public const int Http2ConnectionWindowBytes = 1024 * 1024;

    /// <summary>A silent HTTP/2 connection is asked for a sign of life after this time, so that half-open ones end.</summary>
    public static readonly TimeSpan Http2PingDelay = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan Http2PingTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Time for an instance to accept a connection; it is on this machine or on its network.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long an unused connection to an instance is kept. Below the 5 s after which Node.js and uvicorn close theirs, so that
    /// a request that cannot be repeated does not meet a connection that is being closed.
    /// </summary>
    public static readonly TimeSpan InstanceConnectionIdleTimeout = TimeSpan.FromSeconds(4);

    /// <summary>Repetitions of a request whose connection broke, where repeating is safe at all.</summary>
    public const int MaxRetries = 2;

    /// <summary>Further instances tried for one request when there is no connection. Each of these takes an instance out of use, so the next request tries fewer.</summary>
    public const int MaxConnectRetries = 25;

    /// <summary>In-flight requests may finish this long after the gateway was asked to stop.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(30);

    /// <summary>After a stream was asked to end (close frame, end of stream), how long it may take before the connection is cut.</summary>
    public static readonly TimeSpan StreamEndGrace = TimeSpan.FromSeconds(2);

    /// <summary>How exactly request time and idle time are kept: an exchange may live this much longer.</summary>
    public static readonly TimeSpan DeadlineResolution = TimeSpan.FromMilliseconds(250);

    /// <summary>Seconds that a 429 or 503 asks the client to wait.</summary>
    public const int RetryAfterSeconds = 1;

    /// <summary>Client addresses whose rate is known for one service; further ones share one rate until others have been silent long enough.</summary>
    public const int RateLimitClients = 20_000;

    /// <summary>Passwords that wait to be checked; a further one is answered with 429.</summary>
    public const int PasswordChecksWaiting = 50;

    /// <summary>Passwords, right and wrong ones, that need not be checked again. Fingerprints of 16 bytes.</summary>
    public const int PasswordsKnown = 10_000;

    /// <summary>How long a starting gateway waits for the control plane's routes before it serves those on disk.</summary>
    public static readonly TimeSpan StartupLinkWait = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a request for an unknown host waits while routes are missing: what a control plane needs to look at the engine and probe what runs.
    /// </summary>
    public static readonly TimeSpan RoutesWait = TimeSpan.FromSeconds(5);

    /// <summary>Requests that wait for missing routes at once; further ones are answered at once.</summary>
    public const int MaxWaitingForRoutes = 1000;

    /// <summary>Pauses between attempts to reach the control plane: from the first to the last value, doubling.</summary>
    public static readonly TimeSpan LinkFirstBackoff = TimeSpan.FromMilliseconds(50);

    public static readonly TimeSpan LinkLastBackoff = TimeSpan.FromSeconds(2);

    /// <summary>One message of the control plane, in bytes; a snapshot of 20,000 services is about 20 MB.</summary>
    public const int MaxLinkMessageBytes = 256 * 1024 * 1024;

    /// <summary>Pause between two traffic reports.</summary>
    public static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>Least pause between two wishes for capacity of one service.</summary>
    public static readonly TimeSpan CapacityWantedInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often ejected instances are tried while the control plane is away and nobody else could confirm them.</summary>
    public static readonly TimeSpan EjectedProbeInterval = TimeSpan.FromSeconds(1);

    /// <summary>In place of a service id, for the access log of requests that belong to no service: unknown host names and what was refused before one was looked for.</summary>
    public const string UnroutedLog = "gateway";

    /// <summary>Access log lines waiting for the disk; further ones are dropped and counted.</summary>
    public const int AccessLogQueueLength = 32_768;

    /// <summary>How long access log lines are collected before they are written together: waking the writer for each line would cost more than the line.</summary>
    public static readonly TimeSpan AccessLogDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Size at which an access log file is rotated, in bytes.</summary>
    public const long AccessLogFileBytes = 20 * 1024 * 1024;

    /// <summary>Access log files kept for one service, the current one included.</summary>
    public const int AccessLogFiles = 3;

    /// <summary>Longest path, host or user agent in the access log, in characters.</summary>
    public const int AccessLogFieldLength = 2048;

    /// <summary>Access log files that are kept open.</summary>
    public const int AccessLogOpenFiles = 256;

    /// <summary>How often certificate files are looked at for a change.</summary>
    public static readonly TimeSpan CertificateCheckInterval = TimeSpan.FromSeconds(10);

    /// <summary>Longest request id that is taken over from a client, in characters.</summary>
    public const int RequestIdLength = 128;
}
