using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>Calls the Engine API without the code under test.</summary>
internal sealed class RawEngine : IAsyncDisposable
{
    private readonly HttpClient _http;

    private RawEngine(string path) => _http = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, token) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://engine") };

    public static RawEngine Connect(string socket) => new(socket["unix://".Length..]);

    public Task<string> Get(string path) => _http.GetStringAsync(new Uri("/v1.41" + path, UriKind.Relative));

    public async Task Post(string path)
    {
        using var response = await _http.PostAsync(new Uri("/v1.41" + path, UriKind.Relative), null);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Starts a container in a network, as people do by themselves.</summary>
    public async Task<(string Id, string Address)> Run(string image, string network, string[] command, params (string Key, string Value)[] labels)
    {
        var body = new JsonObject
        {
            ["Image"] = image,
            ["Cmd"] = new JsonArray([.. command.Select(word => JsonValue.Create(word))]),
            ["Labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)JsonValue.Create(label.Value)))),
            ["HostConfig"] = new JsonObject { ["NetworkMode"] = network },
        };
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri("/v1.41/containers/create", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        var id = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["Id"]!;
        await Post($"/containers/{id}/start");
        return (id, (string)JsonNode.Parse(await Get($"/containers/{id}/json"))!["NetworkSettings"]!["Networks"]![network]!["IPAddress"]!);
    }

    public async Task Delete(string path)
    {
        using var response = await _http.DeleteAsync(new Uri("/v1.41" + path, UriKind.Relative));
        response.EnsureSuccessStatusCode();
    }

    public async Task<bool> TryPost(string path)
    {
        using var response = await _http.PostAsync(new Uri("/v1.41" + path, UriKind.Relative), null);
        return response.IsSuccessStatusCode;
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
