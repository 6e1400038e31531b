using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Protection;

/// <summary>HTTP/2 in, HTTP/1.1 out: nothing in a frame may become anything else in a line.</summary>
public sealed class Http2MatrixTests
{
    /// <summary>What it is, the request without those of its fields that are named again, and the fields that are added or (with a null value) left out.</summary>
    public static TheoryData<string, (string Name, string? Value)[]> Malformed => new()
    {
        { "Connection", [("connection", "close")] },
        { "Connection that names a header", [("connection", "x-private"), ("x-private", "1")] },
        { "Keep-Alive", [("keep-alive", "timeout=5")] },
        { "Proxy-Connection", [("proxy-connection", "keep-alive")] },
        { "Transfer-Encoding", [("transfer-encoding", "chunked")] },
        { "Upgrade", [("upgrade", "websocket")] },
        { "TE other than trailers", [("te", "gzip")] },
        { "capitals in a name", [("X-Upper", "1")] },
        { "space in a name", [("x y", "1")] },
        { "colon in a name", [("x:y", "1")] },
        { "CR LF in a name", [("x\r\ny", "1")] },
        { "empty name", [("", "1")] },
        { "CR LF in a value", [("x", "1\r\ncontent-length: 9")] },
        { "LF in a value", [("x", "1\ny: 2")] },
        { "CR in a value", [("x", "1\ry: 2")] },
        { "NUL in a value", [("x", "1\02")] },
        { "control character in a value", [("x", "1\u00012")] },
        { "no :method", [(":method", null)] },
        { "no :scheme", [(":scheme", null)] },
        { "no :path", [(":path", null)] },
        { "neither :authority nor Host", [(":authority", null)] },
        { "empty :path", [(":path", "")] },
        { ":path without a slash", [(":path", "admin")] },
        { ":path with a space", [(":path", "/ HTTP/1.1")] },
        { ":path with CR LF", [(":path", "/ HTTP/1.1\r\nHost: other\r\n\r\nGET /smuggled")] },
        { ":path with LF in the query", [(":path", "/?a\nb")] },
        { ":path with a tab", [(":path", "/a\tb")] },
        { ":path with bytes beyond ASCII", [(":path", "/\u00e9")] },
        { ":path in absolute form", [(":path", "http://other/")] },
        { ":method with a space", [(":method", "GET /smuggled")] },
        { ":method with CR LF", [(":method", "GET / HTTP/1.1\r\nX: y\r\n\r\nGET")] },
        { ":method CONNECT", [(":method", "CONNECT")] },
        { ":scheme that is none", [(":scheme", "http://other/?")] },
        { ":scheme of another transport", [(":scheme", "ftp")] },
        { ":authority with CR LF", [(":authority", Routes.Host + "\r\nX: y")] },
        { ":authority with a space", [(":authority", Routes.Host + " other")] },
        { ":authority with a path", [(":authority", Routes.Host + "/admin")] },
        { ":authority with a user", [(":authority", "user@" + Routes.Host)] },
        { ":status in a request", [(":status", "200")] },
        { "unknown pseudo-header", [(":unknown", "1")] },
        { ":protocol without CONNECT", [(":protocol", "websocket")] },
        { "Content-Length beyond the data", [("content-length", "9")] },
        { "Content-Length +0", [("content-length", "+0")] },
        { "Content-Length that is no number", [("content-length", "0x0")] },
        { "two Hosts", [(":authority", null), ("host", Routes.Host), ("host", "other")] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Request_ThatIsMalformed_IsRefusedAndNotForwarded(string what, (string Name, string? Value)[] changes)
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.ServingHttp2(backend.Route());
        await using var connection = await Http2Connection.To(gateway);

        await connection.SendHeaders(1, isLast: true, Changed(Http2Connection.Get, changes));

        (await connection.Outcome(1)).ShouldBeOneOf("status 400", "status 404", "status 405", "reset 1", "goaway 1", "goaway 9");
        backend.Requests.ShouldBeEmpty(what);
        backend.Violations.ShouldBeEmpty(what);
        backend.Bytes.ShouldNotContain("smuggled", customMessage: what);
    }

    [Theory]
    [InlineData(":path")]
    [InlineData(":method")]
    [InlineData(":scheme")]
    [InlineData(":authority")]
    public async Task PseudoHeader_GivenTwice_IsRefused(string name)
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.ServingHttp2(backend.Route());
        await using var connection = await Http2Connection.To(gateway);

        await connection.SendHeaders(1, isLast: true, [.. Http2Connection.Get, Http2Connection.Get.Single(field => field.Name == name)]);

        (await connection.Outcome(1)).ShouldBeOneOf("status 400", "reset 1", "goaway 1");
        backend.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task PseudoHeader_AfterAnOrdinaryOne_IsRefused()
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.ServingHttp2(backend.Route());
        await using var connection = await Http2Connection.To(gateway);

        await connection.SendHeaders(1, isLast: true, [("x", "1"), .. Http2Connection.Get]);

        (await connection.Outcome(1)).ShouldBeOneOf("reset 1", "goaway 1");
        backend.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("4", "abcdef")]
    [InlineData("4", "ab")]
    [InlineData("0", "GET /smuggled HTTP/1.1\r\nHost: other\r\n\r\n")]
    public async Task ContentLength_ThatIsNotTheDatas_NeverMakesAWholeRequest(string length, string data)
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.ServingHttp2(backend.Route());
        await using var connection = await Http2Connection.To(gateway);

        await connection.SendHeaders(1, isLast: false, [.. Http2Connection.Post, ("content-length", length)]);
        await connection.SendData(1, isLast: true, data);
        var outcome = await connection.Outcome(1);

        outcome.ShouldBeOneOf("reset 1", "status 400", "status 200");
        if (outcome == "status 200")
        {
            // An announced length of nothing was answered before the surplus came; then it must have been the surplus that was lost.
            length.ShouldBe("0");
            backend.Requests.ShouldAllBe(request => request.Body.Length == 0);
        }
        else
        {
            backend.Requests.ShouldAllBe(request => request.Body == data.Substring(0, int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)));
        }

        backend.Violations.ShouldBeEmpty();
        backend.Bytes.ShouldNotContain("smuggled");
    }

    [Fact]
    public async Task Trailers_WithAPseudoHeader_AreRefused()
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.ServingHttp2(backend.Route());
        await using var connection = await Http2Connection.To(gateway);

        await connection.SendHeaders(1, isLast: false, Http2Connection.Post);
        await connection.SendData(1, isLast: false, "abcd");
        await connection.SendHeaders(1, isLast: true, (":path", "/smuggled"));

        (await connection.Outcome(1)).ShouldBeOneOf("reset 1", "goaway 1", "status 400");
        backend.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_OfAllShapes_ArriveAsTheyAre()
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.ServingHttp2(backend.Route());
        await using var connection = await Http2Connection.To(gateway);

        await connection.SendHeaders(1, isLast: true, [.. Changed(Http2Connection.Get, [(":path", "//a/../%2e?b=%0d")]), ("te", "trailers"), ("cookie", "a=1"), ("cookie", "b=2")]);
        (await connection.Outcome(1)).ShouldBe("status 200");
        await connection.SendHeaders(3, isLast: false, [.. Http2Connection.Post, ("content-length", "4")]);
        await connection.SendData(3, isLast: false, "ab");
        await connection.SendData(3, isLast: true, "cd");
        (await connection.Outcome(3)).ShouldBe("status 200");
        await connection.SendHeaders(5, isLast: false, Http2Connection.Post);
        await connection.SendData(5, isLast: false, "GET /2 HTTP/1.1\r\n\r\n");
        await connection.SendHeaders(5, isLast: true, ("x-sum", "1"), ("content-length", "7"));
        (await connection.Outcome(5)).ShouldBe("status 200");
        await connection.SendHeaders(7, isLast: true, [.. Changed(Http2Connection.Get, [(":authority", null)]), ("host", Routes.Host)]);
        (await connection.Outcome(7)).ShouldBe("status 200");
        await connection.SendHeaders(9, isLast: true, [.. Http2Connection.Get, ("host", "other")]);
        (await connection.Outcome(9)).ShouldBe("status 200");

        backend.Requests.Select(request => $"{request.Method} {request.Target} {request.Body}")
            .ShouldBe(["GET //a/../%2e?b=%0d ", "POST / abcd", "POST / GET /2 HTTP/1.1\r\n\r\n", "GET / ", "GET / "]);
        backend.Requests[0]["Cookie"].ShouldBe("a=1; b=2", "one Cookie line in HTTP/1.1 (RFC 9113, 8.2.3)");
        backend.Requests[0]["TE"].ShouldBeNull();
        backend.Requests[2]["X-Sum"].ShouldBeNull("trailers of requests are not passed on");
        backend.Requests.ShouldAllBe(request => request["Host"] == Routes.Host, "the authority is the host, whatever the Host header says");
        backend.Violations.ShouldBeEmpty();
    }

    private static (string Name, string Value)[] Changed((string Name, string Value)[] request, (string Name, string? Value)[] changes)
    {
        List<(string Name, string Value)> result = [.. request.Where(field => !changes.Any(change => change.Name == field.Name))];
        foreach (var (name, value) in changes)
        {
            if (value is not null)
            {
                result.Insert(name is [':', ..] ? 0 : result.Count, (name, value));
            }
        }

        return [.. result];
    }
}
