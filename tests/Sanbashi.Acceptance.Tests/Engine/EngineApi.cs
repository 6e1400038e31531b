using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Sanbashi.Acceptance.Tests.Engine;

/// <summary>The few engine calls that tests make by themselves, on purpose without the product's own client.</summary>
internal sealed class EngineApi : IDisposable
{
    private const string Version = "v1.41";
    private readonly HttpClient _http;

    /// <param name="address"><c>unix:///...</c></param>
    public EngineApi(string address)
    {
        Address = address;
        var path = SocketPath;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        })
        { BaseAddress = new Uri("http://engine/"), Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>The engine of this run: <c>DOCKER_HOST</c>, else the machine's.</summary>
    public static string DefaultAddress =>
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host : "unix:///var/run/docker.sock";

    public string Address { get; }

    public string SocketPath => Address["unix://".Length..];

    public async Task<bool> Answers()
    {
        try
        {
            using var response = await _http.GetAsync("_ping");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task<JsonNode> Get(string path)
    {
        using var response = await _http.GetAsync($"{Version}/{path}");
        return JsonNode.Parse(await Checked(response, "GET", path))!;
    }

    public async Task<JsonNode?> Find(string path)
    {
        using var response = await _http.GetAsync($"{Version}/{path}");
        return response.StatusCode == System.Net.HttpStatusCode.NotFound ? null : JsonNode.Parse(await Checked(response, "GET", path));
    }

    public async Task<string> Post(string path, HttpContent? content = null)
    {
        using var response = await _http.PostAsync($"{Version}/{path}", content);
        return await Checked(response, "POST", path);
    }

    public Task<string> Post(string path, JsonObject body) => Post(path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

    /// <summary>Nothing there is fine.</summary>
    public async Task Delete(string path)
    {
        using var response = await _http.DeleteAsync($"{Version}/{path}");
        if (response.StatusCode != System.Net.HttpStatusCode.NotFound)
        {
            await Checked(response, "DELETE", path);
        }
    }

    /// <summary>All containers with the label, running or not, as the engine lists them.</summary>
    public async Task<JsonArray> Containers(string label) => (await Get($"containers/json?all=1&filters={Filter("label", label)}")).AsArray();

    public async Task<JsonArray> Networks(string label) => (await Get($"networks?filters={Filter("label", label)}")).AsArray();

    public async Task<bool> HasImage(string reference) => await Find($"images/{reference}/json") is not null;

    /// <summary>Builds from a tar stream; the engine reports a failure inside a successful answer.</summary>
    public async Task Build(string tag, Stream context)
    {
        using var content = new StreamContent(context) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };
        var output = await Post($"build?t={Uri.EscapeDataString(tag)}&rm=1&forcerm=1", content);
        if (output.Contains("\"errorDetail\"", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Building {tag} failed: {output}");
        }
    }

    public async Task Load(Stream archive)
    {
        using var content = new StreamContent(archive) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };
        await Post("images/load?quiet=1", content);
    }

    public void Dispose() => _http.Dispose();

    private static string Filter(string name, string value) => Uri.EscapeDataString(new JsonObject { [name] = new JsonArray(value) }.ToJsonString());

    private static async Task<string> Checked(HttpResponseMessage response, string method, string path)
    {
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : throw new HttpRequestException($"{method} {path}: {(int)response.StatusCode} {text}", null, response.StatusCode);
    }
}
