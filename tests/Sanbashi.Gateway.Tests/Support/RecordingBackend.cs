using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Tests.Support;

/// <summary>
/// An instance that keeps every byte it is sent and reads it by the letter of RFC 9112, with no tolerance at all: whatever a lenient reader might take
/// for something else is a violation.
/// </summary>
internal sealed partial class RecordingBackend : IAsyncDisposable
{
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentQueue<StringBuilder> _bytes = new();
    private readonly string _answer;
    private RawBackend _backend = null!;

    private RecordingBackend(string answer) => _answer = answer;

    /// <summary>Requests that arrived whole, in the order of their ends.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>What no gateway may send.</summary>
    public IReadOnlyList<string> Violations => [.. _violations];

    /// <summary>Every byte of every connection, as Latin-1.</summary>
    public string Bytes => string.Concat(_bytes.Select(static connection =>
    {
        lock (connection)
        {
            return connection.ToString();
        }
    }));

    public static async Task<RecordingBackend> Start(string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    {
        var recording = new RecordingBackend(answer);
        recording._backend = await RawBackend.Start(recording.Serve);
        return recording;
    }

    public RouteInstance AsInstance() => _backend.AsInstance();

    public ServiceRoute Route() => Routes.To() with { Instances = [AsInstance()] };

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    private async Task Serve(RawBackendConnection connection)
    {
        var record = new StringBuilder();
        _bytes.Enqueue(record);
        var reader = new Reader(connection, record);
        try
        {
            while (await ReadRequest(reader) is { } request)
            {
                _requests.Enqueue(request);
                var isHead = request.Method == "HEAD";
                await connection.Send(isHead ? _answer[..(_answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)] : _answer);
            }
        }
        catch (InvalidDataException violation)
        {
            _violations.Enqueue(violation.Message);
        }
        catch (EndOfStreamException)
        {
            // The gateway gave this request up; it must not count as one.
        }
    }

    private static async Task<RecordedRequest?> ReadRequest(Reader reader)
    {
        if (await reader.Line(mayEnd: true) is not { } line)
        {
            return null;
        }

        Check(RequestLine().IsMatch(line), $"request line '{line}'");
        var parts = line.Split(' ');
        List<KeyValuePair<string, string>> headers = [];
        while ((await reader.Line())! is { Length: > 0 } header)
        {
            Check(HeaderLine().IsMatch(header), $"header line '{header}'");
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            headers.Add(new(header[..colon], header[(colon + 1)..].Trim(' ')));
        }

        var request = new RecordedRequest(parts[0], parts[1], headers, "");
        Check(request.All("Host").Count == 1, $"{request.All("Host").Count} Host headers");
        var lengths = request.All("Content-Length");
        var codings = request.All("Transfer-Encoding");
        Check(lengths.Count + codings.Count <= 1, $"Content-Length {string.Join('|', lengths)} and Transfer-Encoding {string.Join('|', codings)}");
        if (codings.Count == 1)
        {
            Check(codings[0] == "chunked", $"Transfer-Encoding '{codings[0]}'");
            return request with { Body = await ReadChunks(reader) };
        }

        if (lengths.Count == 1)
        {
            Check(lengths[0].Length is > 0 and < 19 && lengths[0].All(char.IsAsciiDigit), $"Content-Length '{lengths[0]}'");
            return request with { Body = await reader.Exactly(int.Parse(lengths[0], CultureInfo.InvariantCulture)) };
        }

        return request;
    }

    private static async Task<string> ReadChunks(Reader reader)
    {
        var body = new StringBuilder();
        while (true)
        {
            var size = (await reader.Line())!;
            Check(size.Length is > 0 and <= 8 && size.All(char.IsAsciiHexDigit), $"chunk size '{size}'");
            var length = int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                break;
            }

            body.Append(await reader.Exactly(length));
            Check(await reader.Line() is "", "no line end after a chunk");
        }

        while ((await reader.Line())! is { Length: > 0 } trailer)
        {
            Check(HeaderLine().IsMatch(trailer), $"trailer line '{trailer}'");
        }

        return body.ToString();
    }

    private static void Check(bool holds, string found)
    {
        if (!holds)
        {
            throw new InvalidDataException(found);
        }
    }

    [GeneratedRegex(@"\A[A-Z]+ /[\x21-\x7e]* HTTP/1\.1\z|\AOPTIONS \* HTTP/1\.1\z")]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\z")]
    private static partial Regex HeaderLine();

    private sealed class Reader(RawBackendConnection connection, StringBuilder record)
    {
        private readonly byte[] _buffer = new byte[4096];
        private int _start;
        private int _end;

        /// <summary>Up to CR LF; a lone CR or LF is a violation.</summary>
        public async Task<string?> Line(bool mayEnd = false)
        {
            var line = new StringBuilder();
            while (true)
            {
                var next = await Next();
                switch (next)
                {
                    case -1 when mayEnd && line.Length == 0:
                        return null;
                    case -1:
                        throw new EndOfStreamException();
                    case '\n':
                        throw new InvalidDataException($"bare LF after '{line}'");
                    case '\r':
                        next = await Next();
                        Check(next is '\n' or -1, $"bare CR after '{line}'");
                        return next == -1 ? throw new EndOfStreamException() : line.ToString();
                    default:
                        line.Append((char)next);
                        break;
                }
            }
        }

        public async Task<string> Exactly(int count)
        {
            var text = new StringBuilder(count);
            while (text.Length < count)
            {
                var next = await Next();
                text.Append(next >= 0 ? (char)next : throw new EndOfStreamException());
            }

            return text.ToString();
        }

        private async ValueTask<int> Next()
        {
            if (_start == _end)
            {
                _start = 0;
                _end = await connection.Stream.ReadAsync(_buffer, connection.Stop);
                lock (record)
                {
                    record.Append(Encoding.Latin1.GetString(_buffer, 0, _end));
                }
            }

            return _start == _end ? -1 : _buffer[_start++];
        }
    }
}

internal sealed record RecordedRequest(string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body)
{
    public string? this[string name] => All(name) is { Count: > 0 } values ? string.Join("|", values) : null;

    public List<string> All(string name) => [.. Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];
}
