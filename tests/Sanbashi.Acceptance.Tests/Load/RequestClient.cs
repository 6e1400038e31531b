namespace Sanbashi.Acceptance.Tests.Load;

/// <summary>GET after GET on a connection that is kept.</summary>
internal sealed class RequestClient(Uri gateway, string host, string path, string kind, TimeSpan pace, LoadReport report) : LoadClient(kind, report)
{
    private readonly HttpClient _http = NewConnection();

    protected override async Task Exchange(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, path)) { Headers = { Host = host } };
        using var response = await _http.SendAsync(request, CancellationToken.None);
        var body = await response.Content.ReadAsStringAsync(CancellationToken.None);
        if (!IsExpected(response, body))
        {
            await Task.Delay(pace, CancellationToken.None);
            return;
        }

        if (Version(response) is { } version)
        {
            Report.Succeeded(Kind, version);
        }
        else
        {
            Report.Failed(Kind, $"an answer without a version: {body}");
        }

        await Task.Delay(pace, CancellationToken.None);
    }

    protected override void Close() => _http.Dispose();
}
