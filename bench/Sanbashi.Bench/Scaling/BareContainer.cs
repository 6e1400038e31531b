using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Engine;

namespace Sanbashi.Bench.Scaling;

/// <summary>A container as the engine alone runs it, on its default bridge: the floor that everything is compared with.</summary>
internal sealed class BareContainer(EngineApi engine, string id) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <summary>From nothing to the first accepted connection, by the Engine API.</summary>
    public static async Task<BareContainer> Start(EngineApi engine, string image)
    {
        var created = JsonNode.Parse(await engine.Post("containers/create", new JsonObject { ["Image"] = image, ["Env"] = new JsonArray("PORT=8080") }))!;
        var container = new BareContainer(engine, (string)created["Id"]!);
        await engine.Post($"containers/{container.Id}/start");
        var address = (string)(await engine.Get($"containers/{container.Id}/json"))["NetworkSettings"]!["Networks"]!["bridge"]!["IPAddress"]!;
        await Accepts(IPAddress.Parse(address));
        return container;
    }

    public string Id { get; } = id;

    public Task Pause() => engine.Post($"containers/{Id}/pause");

    public Task Unpause() => engine.Post($"containers/{Id}/unpause");

    public async ValueTask DisposeAsync() => await engine.Delete($"containers/{Id}?force=1");

    private static async Task Accepts(IPAddress address)
    {
        var end = TimeProvider.System.GetUtcNow() + Deadline;
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address, 8080);
                return;
            }
            catch (SocketException) when (TimeProvider.System.GetUtcNow() < end)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1));
            }
        }
    }
}
