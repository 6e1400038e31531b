using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Sanbashi.Gateway.Answers;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Streams;
using Yarp.ReverseProxy.Forwarder;

namespace Sanbashi.Gateway.Forwarding;

/// <summary>
/// What changes between the client's message and the instance's. One for each exchange object, so that nothing has to be looked up per request.
/// <list type="number">
/// <item>Request: copy end-to-end headers, replace X-Forwarded-*, settle X-Request-Id and traceparent, pass the target on verbatim.</item>
/// <item>Response: copy end-to-end headers, then decide what kind of answer it is: a stream, one of unknown length, or an ordinary one.</item>
/// <item>Trailers: copy; a gRPC call that the gateway ended gets a status that clients retry on.</item>
/// </list>
/// </summary>
internal sealed class ExchangeTransformer(Exchange exchange, ForwardedHeaders forwardedHeaders) : HttpTransformer
{
    private const string RequestId = "X-Request-Id";
    private const string TraceParentName = "traceparent";
    private const string TraceState = "tracestate";

    /// <summary>No part of a value (RFC 9110, 5.5). The server refuses NUL, CR and LF; what reads others as an end is not known, so none is passed on.</summary>
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 32).Where(static c => c != '\t').Append(127).Select(static c => (char)c)]);

    /// <summary>Of the service, in the clock's ticks; set before each use.</summary>
    public long LongestSilence { get; set; }

    public override ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        // 1. Request
        var request = httpContext.Request;
        var headers = request.Headers;
        var named = headers.Connection.Count > 0 ? HopByHop.NamedIn(headers.Connection) : null;
        string? traceParent = null;
        StringValues traceState = default;
        foreach (var (name, value) in headers)
        {
            if (name[0] == ':' || HopByHop.Contains(name) || ForwardedHeaders.Owns(name) || named?.Contains(name) == true)
            {
                continue;
            }

            if (exchange.HidesAuthorization && name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (name.Length == RequestId.Length && name.Equals(RequestId, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (name.Equals(TraceParentName, StringComparison.OrdinalIgnoreCase))
            {
                traceParent = value.Count == 1 && TraceParent.IsValid(value[0]) ? value[0] : null;
            }
            else if (name.Equals(TraceState, StringComparison.OrdinalIgnoreCase))
            {
                traceState = value;
            }
            else
            {
                AddRequestHeader(proxyRequest, name, value);
            }
        }

        var outgoing = proxyRequest.Headers;
        if (exchange.IsGrpc && headers.TE.Count > 0)
        {
            outgoing.TryAddWithoutValidation("TE", "trailers");
        }

        forwardedHeaders.Write(exchange, outgoing);
        outgoing.TryAddWithoutValidation(RequestId, exchange.RequestId);
        outgoing.TryAddWithoutValidation(TraceParentName, traceParent ?? TraceParent.Make());
        if (traceParent is not null && traceState.Count > 0)
        {
            AddRequestHeader(proxyRequest, TraceState, traceState.ToString());
        }

        proxyRequest.RequestUri = RequestTarget.At(destinationPrefix, httpContext.Features.Get<IHttpRequestFeature>()!.RawTarget);
        return default;
    }

    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        // 2. Response
        if (proxyResponse is null)
        {
            return new ValueTask<bool>(false);
        }

        if (exchange.Service!.LimitsStreams && !exchange.IsGrpc && IsEventStream(proxyResponse.Content) && !exchange.Service.TryCountAsStream(exchange))
        {
            exchange.Refusal = GatewayAnswer.TooManyStreams;
            return new ValueTask<bool>(false);
        }

        var response = httpContext.Response;
        var named = proxyResponse.Headers.NonValidated.TryGetValues("Connection", out var connection) ? HopByHop.NamedIn(ToValues(connection)) : null;
        var headers = response.Headers;
        Copy(proxyResponse.Headers, headers, named);
        Copy(proxyResponse.Content.Headers, headers, named);
        if (exchange.StickyCookie is not null)
        {
            headers.Append("Set-Cookie", exchange.StickyCookie);
        }

        var status = (int)proxyResponse.StatusCode;
        if (IsWithoutBody(status))
        {
            headers.ContentLength = null;
            return new ValueTask<bool>(true);
        }

        // Transfer-Encoding is what counts where an instance sends both (RFC 9112, 6.3).
        var length = headers.ContentLength;
        if (length is not null && proxyResponse.Headers.NonValidated.Contains("Transfer-Encoding"))
        {
            headers.ContentLength = length = null;
        }

        if (status == StatusCodes.Status304NotModified || HttpMethods.IsHead(httpContext.Request.Method) || HttpMethods.IsConnect(httpContext.Request.Method))
        {
            return new ValueTask<bool>(true);
        }

        if (exchange.IsGrpc || IsEventStream(headers.ContentType))
        {
            var stream = new StreamedAnswer(exchange, response, isEndable: true);
            proxyResponse.Content = new ObservedContent(proxyResponse.Content, stream);
            exchange.BecomeStream(stream, LongestSilence);
        }
        else if (length is { } known)
        {
            exchange.ResponseBytes = known;
        }
        else
        {
            proxyResponse.Content = new ObservedContent(proxyResponse.Content, new StreamedAnswer(exchange, response, isEndable: false));
        }

        return new ValueTask<bool>(true);
    }

    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        // 3. Trailers
        var trailers = httpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        if (trailers is null || trailers.IsReadOnly)
        {
            return default;
        }

        if (exchange.IsGrpc && exchange.EndReason != EndReason.None)
        {
            // 14 is UNAVAILABLE, which clients repeat elsewhere.
            trailers["grpc-status"] = "14";
            trailers["grpc-message"] = EndReasons.Text(exchange.EndReason);
            return default;
        }

        Copy(proxyResponse.TrailingHeaders, trailers, named: null);
        return default;
    }

    private static bool IsEventStream(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Type", out var values) && IsEventStream(values.ToString());

    private static bool IsEventStream(StringValues contentType) =>
        contentType.Count > 0 && contentType[0] is { } type && type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static bool IsWithoutBody(int status) => status is (>= 100 and < 200) or StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent;

    private static void AddRequestHeader(HttpRequestMessage request, string name, StringValues values)
    {
        foreach (var value in values)
        {
            if (value.AsSpan().ContainsAny(Controls))
            {
                throw new InvalidDataException($"The request header {name} has a control character in its value.");
            }
        }

        var added = values.Count == 1 ? request.Headers.TryAddWithoutValidation(name, values[0]) : request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        if (added)
        {
            return;
        }

        // The client library keeps headers that describe a body with the body; a request without one may carry them all the same.
        request.Content ??= new NoContent();
        if (!request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
        {
            // In HTTP/1.1 the server refuses such a name; in HTTP/2 it lets it through.
            throw new InvalidDataException("A request header has a name that is none.");
        }
    }

    private static void Copy(HttpHeaders source, IHeaderDictionary destination, HashSet<string>? named)
    {
        foreach (var (name, values) in source.NonValidated)
        {
            if (!HopByHop.Contains(name) && named?.Contains(name) != true)
            {
                destination[name] = ToValues(values);
            }
        }
    }

    private static StringValues ToValues(HeaderStringValues values)
    {
        if (values.Count <= 1)
        {
            return values.ToString();
        }

        var all = new string[values.Count];
        var i = 0;
        foreach (var value in values)
        {
            all[i++] = value;
        }

        return all;
    }

    private sealed class NoContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }
    }
}
