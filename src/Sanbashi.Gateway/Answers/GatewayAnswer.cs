using Microsoft.AspNetCore.Http;
using Sanbashi.Gateway.Admission;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Forwarding;

namespace Sanbashi.Gateway.Answers;

/// <summary>An answer that the gateway gives itself. The one place that maps what went wrong to a status.</summary>
/// <param name="Code">Stable, for programs: the <c>error</c> member of the JSON form.</param>
/// <param name="Title">For people, one line.</param>
/// <param name="Detail">What was found and what to do next.</param>
internal sealed record GatewayAnswer(int Status, string Code, string Title, string Detail)
{
    public bool HasRetryAfter => Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable && Code != "service-paused";

    /// <summary>What Retry-After says, in seconds.</summary>
    public int RetryAfterSeconds { get; init; } = GatewayDefaults.RetryAfterSeconds;

    /// <summary>What WWW-Authenticate says; null for none.</summary>
    public string? Challenge { get; init; }

    /// <summary>The connection cannot be trusted to be at a message boundary.</summary>
    public bool ClosesConnection { get; init; }

    public static GatewayAnswer UnknownHost { get; } = new(
        404, "unknown-host", "No service here", "No service answers to this host name and path. Check the address, and that the service still exists.");

    public static GatewayAnswer NoRoutes { get; } = new(
        503, "starting", "Starting", "The gateway has not received its routes yet. Try again in a moment.");

    public static GatewayAnswer SourceNotAllowed { get; } = new(
        403, "source-not-allowed", "Forbidden", "This service does not take requests from your address.");

    public static GatewayAnswer RateLimited { get; } = new(
        429, "rate-limited", "Too many requests", "More requests came from your address than this service takes. Try again later.");

    public static GatewayAnswer Unauthorized { get; } = new(
        401, "unauthorized", "Name and password needed", "This service asks for a name and a password, and none or wrong ones were given.");

    public static GatewayAnswer TooManyLogins { get; } = new(
        429, "login-queue-full", "Too many requests", "Too many passwords are being checked at the moment. Try again in a moment.");

    public static GatewayAnswer Overloaded { get; } = new(
        503, "overloaded", "Overloaded", "The gateway is short of memory and takes no new requests. Try again in a moment.") { ClosesConnection = true };

    public static GatewayAnswer Paused { get; } = new(
        503, "service-paused", "Service paused", "The service behind this address is paused. Its owner can resume it.");

    public static GatewayAnswer Unavailable { get; } = new(
        503, "no-healthy-instance", "Service unavailable", "The service has no healthy instance at the moment. Its event log says why.");

    /// <summary>To a request that is not worth waking anything for, such as an uptime probe's.</summary>
    public static GatewayAnswer Asleep { get; } = new(204, "asleep", "Asleep", "");

    public static GatewayAnswer AsleepRefusal { get; } = new(
        503, "asleep", "Service asleep", "The service is asleep, and the setting no-wake-paths says that requests to this path do not wake it.");

    public static GatewayAnswer QueueFull { get; } = new(
        429, "queue-full", "Too many requests", "All instances are at their concurrency limit and the queue is full. Try again in a moment.");

    public static GatewayAnswer QueueTimeout { get; } = new(
        429, "queue-timeout", "Too many requests", "All instances stayed at their concurrency limit for as long as a request may wait. Try again in a moment.");

    public static GatewayAnswer TooManyStreams { get; } = new(
        429, "too-many-streams", "Too many streams", "All instances have as many WebSockets and event streams open as the setting max-streams allows. Try again later.");

    public static GatewayAnswer TimedOut { get; } = new(
        504, "request-timeout", "Request timed out", "The service did not answer within its request time.");

    public static GatewayAnswer Replaced { get; } = new(
        503, "instance-replaced", "Instance replaced", "The instance that worked on this request was replaced before it answered. Try again.");

    public static GatewayAnswer Broken { get; } = new(
        502, "connection-broken", "Bad gateway", "The instance closed the connection before it answered.");

    public static GatewayAnswer InvalidAnswer { get; } = new(
        502, "invalid-answer", "Bad gateway", "The instance answered with something that is not a valid response.");

    public static GatewayAnswer ConnectTimeout { get; } = new(
        504, "connect-timeout", "Gateway timeout", "The instance did not accept a connection in time.");

    public static GatewayAnswer BadBody { get; } = new(
        400, "bad-request-body", "Bad request", "The request body ended early or is not well-formed.") { ClosesConnection = true };

    public static GatewayAnswer AmbiguousLength { get; } = new(
        400, "ambiguous-length", "Bad request", "The request has both Content-Length and Transfer-Encoding.") { ClosesConnection = true };

    public static GatewayAnswer UnknownTransferEncoding { get; } = new(
        501, "transfer-encoding", "Not implemented", "The only transfer encoding that is understood is chunked.") { ClosesConnection = true };

    public static GatewayAnswer ConnectMethod { get; } = new(
        405, "connect-method", "Method not allowed", "This is not a forward proxy: CONNECT is only taken for WebSockets over HTTP/2.") { ClosesConnection = true };

    public static GatewayAnswer BadTarget { get; } = new(
        400, "bad-target", "Bad request", "The request's target has characters that have to be percent-encoded, or a user name.") { ClosesConnection = true };

    public static GatewayAnswer BadHeader { get; } = new(
        400, "bad-header", "Bad request", "A request header has a name that is none, or control characters in its value.") { ClosesConnection = true };

    public static GatewayAnswer ConnectionHeader { get; } = new(
        400, "connection-header", "Bad request", "HTTP/2 has no Connection, Keep-Alive, Proxy-Connection, Transfer-Encoding and Upgrade headers (RFC 9113, 8.2.2).");

    public static GatewayAnswer? For(AdmissionOutcome outcome, bool isStream) => outcome switch
    {
        AdmissionOutcome.QueueFull or AdmissionOutcome.QueueTimeout when isStream => TooManyStreams,
        AdmissionOutcome.Paused => Paused,
        AdmissionOutcome.Unavailable => Unavailable,
        AdmissionOutcome.QueueFull => QueueFull,
        AdmissionOutcome.QueueTimeout => QueueTimeout,
        _ => null,
    };

    /// <summary>Null where nothing can be said any more: the client is gone or has part of an answer.</summary>
    public static GatewayAnswer? For(ForwardOutcome outcome, EndReason endReason) => outcome switch
    {
        ForwardOutcome.Unreachable => Unavailable,
        ForwardOutcome.ConnectTimeout => ConnectTimeout,
        ForwardOutcome.Broken => Broken,
        ForwardOutcome.InvalidAnswer => InvalidAnswer,
        ForwardOutcome.InvalidRequest => BadBody,
        ForwardOutcome.InvalidHeader => BadHeader,
        ForwardOutcome.Ended => endReason is EndReason.Drained or EndReason.Stopping ? Replaced : TimedOut,
        _ => null,
    };
}
