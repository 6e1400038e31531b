using System.Net;
using System.Text.Json.Nodes;

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>Requests to services through the gateway, named by their Host header: glibc resolves no names below localhost.</summary>
internal sealed class GatewayClient(string address) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary><c>host:port</c></summary>
    public string Address { get; } = address;

    public async Task<HttpResponseMessage> Send(string host, string path, HttpMethod? method = null, HttpContent? content = null, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"http://{Address}{path}") { Content = content };
        request.Headers.Host = host;
        prepare?.Invoke(request);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public async Task<(HttpStatusCode Status, string Body)> Get(string host, string path)
    {
        using var response = await Send(host, path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>What the test application says of itself at <c>/</c>.</summary>
    public async Task<JsonObject> Describe(string host)
    {
        var (status, body) = await Get(host, "/");
        status.ShouldBe(HttpStatusCode.OK, body);
        return JsonNode.Parse(body)!.AsObject();
    }

    public async Task<string> Version(string host) => (string)(await Describe(host))["version"]!;

    public void Dispose() => _http.Dispose();
}
