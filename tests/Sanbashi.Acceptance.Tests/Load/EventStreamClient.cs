namespace Sanbashi.Acceptance.Tests.Load;

/// <summary>Reads server-sent events; a stream that comes to an end is opened again.</summary>
internal sealed class EventStreamClient(Uri gateway, string host, LoadReport report) : LoadClient("event-stream", report)
{
    private readonly HttpClient _http = NewConnection();

    protected override async Task Exchange(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, "/sse")) { Headers = { Host = host } };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
        if (!IsExpected(response, ""))
        {
            return;
        }

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(CancellationToken.None));
        while (!stop.IsCancellationRequested)
        {
            if (await reader.ReadLineAsync(CancellationToken.None) is not { } line)
            {
                Report.SessionEnded();
                return;
            }

            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                Report.Succeeded(Kind, line == "data: end" ? null : line[6..]);
            }
        }
    }

    protected override void Close() => _http.Dispose();
}
