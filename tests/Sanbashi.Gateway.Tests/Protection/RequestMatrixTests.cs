using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Protection;

/// <summary>One request in is one request out, or a clean refusal and a closed connection; never anything between, whatever the bytes are.</summary>
public sealed class RequestMatrixTests
{
    private const string Start = "POST / HTTP/1.1\r\nHost: {host}\r\n";
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: {host}\r\n\r\n";

    /// <summary>What it is, its bytes, the status of the refusal.</summary>
    public static TheoryData<string, string, int> Refused => new()
    {
        // Two lengths
        { "CL.TE", $"{Start}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE.CL", $"{Start}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n{Smuggled}\r\n0\r\n\r\n", 400 },
        { "TE.CL with CL of 0", $"{Start}Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "CL of the server's own name", $"{Start}Transfer-Encoding: chunked\r\nX-Content-Length: 4\r\n\r\n0\r\n\r\n{Smuggled}", 400 },

        // Transfer-Encoding in disguise
        { "TE xchunked", $"{Start}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE identity", $"{Start}Transfer-Encoding: identity\r\n\r\n{Smuggled}", 400 },
        { "TE chunked, identity", $"{Start}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE identity, chunked", $"{Start}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n{Smuggled}", 501 },
        { "TE gzip, chunked", $"{Start}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n{Smuggled}", 501 },
        { "TE chunked twice", $"{Start}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}", 501 },
        { "TE chunked and identity", $"{Start}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE cow and chunked", $"{Start}Transfer-Encoding: cow\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}", 501 },
        { "TE quoted", $"{Start}Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE with a vertical tab", $"{Start}Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE with a parameter", $"{Start}Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE with an empty value", $"{Start}Transfer-Encoding:\r\n\r\n{Smuggled}", 400 },
        { "TE with a space before the colon", $"{Start}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE with a tab before the colon", $"{Start}Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE folded", $"{Start}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE after a bare CR", $"{Start}X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE after a bare LF", $"{Start}X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}", 400 },
        { "TE in HTTP/1.0", "POST / HTTP/1.0\r\nHost: {host}\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Smuggled, 400 },

        // Content-Length that is no plain number
        { "CL +4", $"{Start}Content-Length: +4\r\n\r\nabcd", 400 },
        { "CL -4", $"{Start}Content-Length: -4\r\n\r\nabcd", 400 },
        { "CL 0x4", $"{Start}Content-Length: 0x4\r\n\r\nabcd", 400 },
        { "CL 4.0", $"{Start}Content-Length: 4.0\r\n\r\nabcd", 400 },
        { "CL 4e0", $"{Start}Content-Length: 4e0\r\n\r\nabcd", 400 },
        { "CL 1 2", $"{Start}Content-Length: 1 2\r\n\r\nabcd", 400 },
        { "CL 4;", $"{Start}Content-Length: 4;\r\n\r\nabcd", 400 },
        { "CL with a vertical tab", $"{Start}Content-Length: \v4\r\n\r\nabcd", 400 },
        { "CL with a no-break space", $"{Start}Content-Length: \u00a04\r\n\r\nabcd", 400 },
        { "CL 1,000", $"{Start}Content-Length: 1,000\r\n\r\nabcd", 400 },
        { "CL in brackets", $"{Start}Content-Length: (4)\r\n\r\nabcd", 400 },
        { "CL empty", $"{Start}Content-Length:\r\n\r\n{Smuggled}", 400 },
        { "CL of other digits", $"{Start}Content-Length: \u00b2\r\n\r\nabcd", 400 },
        { "CL beyond 63 bits", $"{Start}Content-Length: 9223372036854775808\r\n\r\nabcd", 400 },
        { "CL beyond 64 bits", $"{Start}Content-Length: 18446744073709551620\r\n\r\nabcd", 400 },
        { "CL of 40 digits", $"{Start}Content-Length: {new string('0', 39)}4\r\n\r\nabcd", 400 },
        { "CL of 400 digits", $"{Start}Content-Length: {new string('4', 400)}\r\n\r\nabcd", 400 },
        { "CL twice, the same", $"{Start}Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", 400 },
        { "CL twice, different", $"{Start}Content-Length: 0\r\nContent-Length: 44\r\n\r\n{Smuggled}", 400 },
        { "CL list, the same", $"{Start}Content-Length: 4, 4\r\n\r\nabcd", 400 },
        { "CL list, different", $"{Start}Content-Length: 0, 44\r\n\r\n{Smuggled}", 400 },
        { "CL with a space before the colon", $"{Start}Content-Length : 44\r\n\r\n{Smuggled}", 400 },

        // Chunks
        { "chunk size with 0x", $"{Start}Transfer-Encoding: chunked\r\n\r\n0x4\r\nabcd\r\n0\r\n\r\n", 400 },
        { "chunk size with +", $"{Start}Transfer-Encoding: chunked\r\n\r\n+4\r\nabcd\r\n0\r\n\r\n", 400 },
        { "chunk size with -", $"{Start}Transfer-Encoding: chunked\r\n\r\n-4\r\nabcd\r\n0\r\n\r\n", 400 },
        { "chunk size with a space before", $"{Start}Transfer-Encoding: chunked\r\n\r\n 4\r\nabcd\r\n0\r\n\r\n", 400 },
        { "chunk size that is empty", $"{Start}Transfer-Encoding: chunked\r\n\r\n\r\nabcd\r\n0\r\n\r\n", 400 },
        { "chunk size beyond 31 bits", $"{Start}Transfer-Encoding: chunked\r\n\r\n80000000\r\nabcd\r\n0\r\n\r\n", 400 },
        { "chunk size that wraps 32 bits", $"{Start}Transfer-Encoding: chunked\r\n\r\n100000004\r\nabcd\r\n0\r\n\r\n", 400 },
        { "chunk size that wraps 64 bits", $"{Start}Transfer-Encoding: chunked\r\n\r\n10000000000000004\r\nabcd\r\n0\r\n\r\n", 400 },
        { "chunk size with a bare LF", $"{Start}Transfer-Encoding: chunked\r\n\r\n4\nabcd\r\n0\r\n\r\n", 400 },
        { "chunk size with a bare CR", $"{Start}Transfer-Encoding: chunked\r\n\r\n4\rabcd\r\n0\r\n\r\n", 400 },
        { "chunk extension with a bare LF", $"{Start}Transfer-Encoding: chunked\r\n\r\n4;a\nx\r\nabcd\r\n0\r\n\r\n", 400 },
        { "chunk longer than its size", $"{Start}Transfer-Encoding: chunked\r\n\r\n4\r\nabcdef\r\n0\r\n\r\n", 400 },
        { "chunk that ends with a bare LF", $"{Start}Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\n0\r\n\r\n", 400 },
        { "trailer with a space before the colon", $"{Start}Transfer-Encoding: chunked\r\n\r\n0\r\nX : y\r\n\r\n", 400 },

        // Lines and names
        { "bare LF everywhere", "GET / HTTP/1.1\nHost: {host}\n\n", 400 },
        { "bare LF after the request line", "GET / HTTP/1.1\nHost: {host}\r\n\r\n", 400 },
        { "bare LF after the headers", "GET / HTTP/1.1\r\nHost: {host}\r\n\n" + Smuggled, 400 },
        { "CR CR LF", "GET / HTTP/1.1\r\nHost: {host}\r\r\n\r\n", 400 },
        { "folded header", "GET / HTTP/1.1\r\nHost: {host}\r\nX: a\r\n b\r\n\r\n", 400 },
        { "first header folded", "GET / HTTP/1.1\r\n Host: {host}\r\n\r\n", 400 },
        { "CR in a value", "GET / HTTP/1.1\r\nHost: {host}\r\nX: a\rb\r\n\r\n", 400 },
        { "NUL in a value", "GET / HTTP/1.1\r\nHost: {host}\r\nX: a\0b\r\n\r\n", 400 },
        { "NUL in a name", "GET / HTTP/1.1\r\nHost: {host}\r\nX\0: a\r\n\r\n", 400 },
        { "space in a name", "GET / HTTP/1.1\r\nHost: {host}\r\nX Y: a\r\n\r\n", 400 },
        { "space before the colon", "GET / HTTP/1.1\r\nHost: {host}\r\nX : a\r\n\r\n", 400 },
        { "no name", "GET / HTTP/1.1\r\nHost: {host}\r\n: a\r\n\r\n", 400 },
        { "no colon", "GET / HTTP/1.1\r\nHost: {host}\r\nX\r\n\r\n", 400 },
        { "control character in a value", "GET / HTTP/1.1\r\nHost: {host}\r\nX: a\u0001b\r\n\r\n", 400 },
        { "DEL in a value", "GET / HTTP/1.1\r\nHost: {host}\r\nX: a\u007fb\r\n\r\n", 400 },
        { "control character in tracestate", "GET / HTTP/1.1\r\nHost: {host}\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\ntracestate: a=\u0001b\r\n\r\n", 400 },
        { "pseudo-header", "GET / HTTP/1.1\r\nHost: {host}\r\n:path: /admin\r\n\r\n", 400 },

        // Request line
        { "two spaces", "GET  / HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "tab", "GET\t/ HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "space in the target", "GET /a b HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "tab in the target", "GET /a\tb HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "NUL in the target", "GET /a\0b HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "control character in the target", "GET /a\u0001b HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "DEL in the target", "GET /a\u007fb HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "control character in the query", "GET /?a\u0001b HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "NUL in the path, percent-encoded", "GET /%00 HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "bytes beyond ASCII in the target", "GET /\u00e9 HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "target without a slash", "GET admin HTTP/1.1\r\nHost: {host}\r\n\r\n", 405 },
        { "no version", "GET /\r\nHost: {host}\r\n\r\n", 400 },
        { "HTTP/1.2", "GET / HTTP/1.2\r\nHost: {host}\r\n\r\n", 505 },
        { "HTTP/2.0", "GET / HTTP/2.0\r\nHost: {host}\r\n\r\n", 505 },
        { "http/1.1", "GET / http/1.1\r\nHost: {host}\r\n\r\n", 505 },
        { "HTTP/1.1 and more", "GET / HTTP/1.1x\r\nHost: {host}\r\n\r\n", 400 },
        { "HTTP/0.9", "GET /\r\n", 400 },
        { "method that is no token", "G(T / HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "CONNECT", "CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n" + Smuggled, 405 },
        { "TLS on a plain port", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n", 400 },

        // Host
        { "no Host", "GET / HTTP/1.1\r\n\r\n", 400 },
        { "empty Host", "GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", 404 },
        { "two Hosts", "GET / HTTP/1.1\r\nHost: {host}\r\nHost: other\r\n\r\n", 400 },
        { "the same Host twice", "GET / HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n\r\n", 400 },
        { "list of Hosts", "GET / HTTP/1.1\r\nHost: {host}, other\r\n\r\n", 400 },
        { "Host with a path", "GET / HTTP/1.1\r\nHost: {host}/admin\r\n\r\n", 400 },
        { "Host with a user", "GET / HTTP/1.1\r\nHost: user@{host}\r\n\r\n", 400 },
        { "Host with a space", "GET / HTTP/1.1\r\nHost: {host} other\r\n\r\n", 400 },
        { "Host with a port that is none", "GET / HTTP/1.1\r\nHost: {host}:80x\r\n\r\n", 400 },
        { "absolute form of another host", "GET http://other/ HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "absolute form with a user", "GET http://user@{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },
        { "absolute form of another scheme", "GET ftp://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n", 400 },

        // Size
        { "long request line", $"GET /{new string('a', GatewayDefaults.MaxRequestLineBytes)} HTTP/1.1\r\nHost: {{host}}\r\n\r\n", 414 },
        { "long method", $"{new string('A', GatewayDefaults.MaxRequestLineBytes)} / HTTP/1.1\r\nHost: {{host}}\r\n\r\n", 414 },
        { "one large header", $"GET / HTTP/1.1\r\nHost: {{host}}\r\nX: {new string('a', GatewayDefaults.MaxRequestHeadersBytes)}\r\n\r\n", 431 },
        { "large headers", "GET / HTTP/1.1\r\nHost: {host}\r\n" + string.Concat(Enumerable.Range(0, 70).Select(i => $"X{i}: {new string('a', 1024)}\r\n")) + "\r\n", 431 },
        { "many headers", "GET / HTTP/1.1\r\nHost: {host}\r\n" + string.Concat(Enumerable.Range(0, GatewayDefaults.MaxRequestHeaderCount).Select(i => $"X{i}: a\r\n")) + "\r\n", 431 },
        { "large trailers", $"{Start}Transfer-Encoding: chunked\r\n\r\n0\r\nX: {new string('a', GatewayDefaults.MaxRequestHeadersBytes)}\r\n\r\n", 400 },
    };

    /// <summary>What it is, its bytes, and what must arrive: <c>METHOD target body</c> of each request.</summary>
    public static TheoryData<string, string, string[]> Forwarded => new()
    {
        { "GET", "GET /a?b=c HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", ["GET /a?b=c "] },
        { "empty line before", "\r\nGET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", ["GET / "] },
        { "CL", $"{Start}Content-Length: 4\r\nConnection: close\r\n\r\nabcd", ["POST / abcd"] },
        { "CL with leading zeros", $"{Start}Content-Length: 0004\r\nConnection: close\r\n\r\nabcd", ["POST / abcd"] },
        { "CL with white space around", $"{Start}Content-Length:  4 \t\r\nConnection: close\r\n\r\nabcd", ["POST / abcd"] },
        { "CL of 0 and a request in the same packet", $"{Start}Content-Length: 0\r\n\r\nGET /2 HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n", ["POST / ", "GET /2 "] },
        { "CL in a GET", "GET / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4\r\n\r\nabcdGET /2 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", ["GET / abcd", "GET /2 "] },
        { "a request as body", $"{Start}Content-Length: 46\r\nConnection: close\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n".Replace("46", "48", StringComparison.Ordinal), ["POST / GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"] },
        { "a POST without any length and another request", $"{Start}\r\nGET /2 HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n", ["POST / ", "GET /2 "] },
        { "chunks", $"{Start}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n", ["POST / abcd"] },
        { "TE in capitals", $"{Start}transfer-encoding: CHUNKED\r\nConnection: close\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", ["POST / abcd"] },
        { "TE after a tab", $"{Start}Transfer-Encoding:\tchunked\r\nConnection: close\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", ["POST / abcd"] },
        { "chunk extensions", $"{Start}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n4;name=value;x\r\nabcd\r\n0;y\r\n\r\n", ["POST / abcd"] },
        { "chunk size with leading zeros", $"{Start}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0004\r\nabcd\r\n000\r\n\r\n", ["POST / abcd"] },
        { "trailers", $"{Start}Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close\r\n\r\n4\r\nabcd\r\n0\r\nX-Sum: 1\r\nContent-Length: 9\r\n\r\n", ["POST / abcd"] },
        { "trailers and the next request", $"{Start}Transfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\n\r\nGET /2 HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n", ["POST / ", "GET /2 "] },
        { "HTTP/1.0", "GET / HTTP/1.0\r\nHost: {host}\r\n\r\n", ["GET / "] },
        { "HTTP/1.0 with a body", "POST / HTTP/1.0\r\nHost: {host}\r\nContent-Length: 4\r\n\r\nabcd", ["POST / abcd"] },
        { "absolute form", "GET http://{host}/a?b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", ["GET /a?b "] },
        { "absolute form without a path", "GET http://{host}?b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", ["GET /?b "] },
        { "dots, escapes and two slashes", "GET //a/../b/%2e%2e/%0d%0a?%0d%00 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", ["GET //a/../b/%2e%2e/%0d%0a?%0d%00 "] },
        { "a fragment", "GET /a#b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", ["GET /a#b "] },
        { "HEAD and the next request", "HEAD / HTTP/1.1\r\nHost: {host}\r\n\r\nGET /2 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", ["HEAD / ", "GET /2 "] },
        { "unknown method", "BREW /pot HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", ["BREW /pot "] },
        { "Upgrade to HTTP/2", "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n", ["GET / "] },
        { "as many headers as may be", "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n" + string.Concat(Enumerable.Range(0, GatewayDefaults.MaxRequestHeaderCount - 2).Select(i => $"X{i}: a\r\n")) + "\r\n", ["GET / "] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Message_ThatIsNotPlainlyOneRequest_IsRefusedOnceAndItsConnectionClosed(string what, string message, int status)
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.Serving(backend.Route());
        await using var connection = await RawConnection.To(gateway);

        await connection.Send(message.Replace("{host}", Routes.Host, StringComparison.Ordinal));
        var answer = await connection.ReadToEnd();

        answer.ShouldStartWith($"HTTP/1.1 {status} ", customMessage: what);
        answer.Split("HTTP/1.1 ").Length.ShouldBe(2, $"{what}: one answer only");
        backend.Requests.ShouldBeEmpty(what);
        backend.Violations.ShouldBeEmpty(what);
        backend.Bytes.ShouldNotContain("smuggled", customMessage: what);
    }

    [Theory]
    [MemberData(nameof(Forwarded))]
    public async Task Message_ThatIsPlain_ArrivesAsExactlyThoseRequests(string what, string message, string[] arrives)
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.Serving(backend.Route());
        await using var connection = await RawConnection.To(gateway);

        await connection.Send(message.Replace("{host}", Routes.Host, StringComparison.Ordinal));
        var answer = await connection.ReadToEnd();

        backend.Requests.Select(request => $"{request.Method} {request.Target} {request.Body}").ShouldBe(arrives, what);
        backend.Violations.ShouldBeEmpty(what);
        answer.Split("HTTP/1.1 200 ").Length.ShouldBe(arrives.Length + 1, what);
    }

    /// <summary>Cut everywhere: where the packets of a message end must not change what it means.</summary>
    [Theory]
    [InlineData("POST /a HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nabcd\r\n0\r\nX: y\r\n\r\nGET /b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", "POST /a abcd|GET /b ")]
    [InlineData("POST /a HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4\r\n\r\nabcdGET /b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", "POST /a abcd|GET /b ")]
    public async Task Message_CutAtEveryByte_MeansTheSame(string message, string arrives)
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.Serving(backend.Route());
        await using var connection = await RawConnection.To(gateway);

        foreach (var one in message.Replace("{host}", Routes.Host, StringComparison.Ordinal))
        {
            await connection.Send(one.ToString());
        }

        await connection.ReadToEnd();

        string.Join('|', backend.Requests.Select(request => $"{request.Method} {request.Target} {request.Body}")).ShouldBe(arrives);
        backend.Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("close", "X-Private")]
    [InlineData("keep-alive", "X-Private")]
    [InlineData("X-Private", "close")]
    [InlineData("X-Private", "keep-alive")]
    [InlineData("Upgrade", "X-Private")]
    [InlineData("Upgrade, X-Private", "keep-alive")]
    [InlineData("close, x-private", "keep-alive")]
    [InlineData("TE", "\tX-Private ,")]
    public async Task Header_NamedOnAnyConnectionLine_IsNotPassedOn(string first, string second)
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.Serving(backend.Route());
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\nConnection: {first}\r\nX-Private: 1\r\nX-Public: 2\r\nConnection: {second}\r\nUpgrade: unknown\r\n\r\n");
        await connection.ReadUntil("\r\n\r\nok");

        var request = backend.Requests.ShouldHaveSingleItem();
        request["X-Private"].ShouldBeNull();
        request["X-Public"].ShouldBe("2");
        backend.Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Content-Length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Host")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Request-Id")]
    public async Task Header_ThatTheMessageNeeds_CannotBeNamedAway(string name)
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.Serving(backend.Route());
        await using var connection = await RawConnection.To(gateway);
        var framing = name == "Transfer-Encoding" ? "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n" : "Content-Length: 4\r\n\r\nabcd";

        await connection.Send($"POST / HTTP/1.1\r\nHost: {Routes.Host}\r\nConnection: {name}, close\r\n{framing}");
        await connection.ReadToEnd();

        var request = backend.Requests.ShouldHaveSingleItem();
        request.Body.ShouldBe("abcd");
        request[name].ShouldNotBeNull();
        backend.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Continue_IsAskedOfTheInstance_BeforeTheBodyIsAskedOfTheClient()
    {
        await using var backend = await RawBackend.Start(async instance =>
        {
            var head = await instance.ReadHead();
            head.ShouldNotBeNull().ShouldContain("Expect: 100-continue");
            await instance.Send("HTTP/1.1 100 Continue\r\n\r\n");
            var body = new byte[4];
            await instance.Stream.ReadExactlyAsync(body, instance.Stop);
            await instance.Send($"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{System.Text.Encoding.ASCII.GetString(body)}");
            await instance.ReadHead();
        });
        await using var gateway = await TestGateway.Serving(Routes.To() with { Instances = [backend.AsInstance()] });
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"POST / HTTP/1.1\r\nHost: {Routes.Host}\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n");
        (await connection.ReadUntil("\r\n\r\n")).ShouldBe("HTTP/1.1 100 Continue\r\n\r\n");
        await connection.Send("abcd");

        (await connection.ReadToEnd()).ShouldEndWith("\r\n\r\nabcd");
    }

    [Fact]
    public async Task Continue_ThatTheInstanceRefuses_NeverAsksTheClientForALargeBody()
    {
        await using var backend = await RawBackend.Start(async instance =>
        {
            await instance.ReadHead();
            await instance.Send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        await using var gateway = await TestGateway.Serving(Routes.To() with { Instances = [backend.AsInstance()] });
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"POST / HTTP/1.1\r\nHost: {Routes.Host}\r\nExpect: 100-continue\r\nContent-Length: 4096\r\n\r\n");
        var answer = await connection.ReadUntil("\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 401 ");
    }
}
