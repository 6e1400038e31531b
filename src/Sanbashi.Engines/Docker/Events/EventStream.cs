using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Events;

/// <summary>One connection to the engine's events, filtered to this installation's containers by the engine itself.</summary>
internal sealed class EventStream(EngineClient client, Installation installation, TimeProvider time)
{
    // Podman filters by its own words (died, remove), and then writes Docker's for some.
    private static readonly string[] Actions = ["start", "die", "died", "oom", "pause", "unpause", "destroy", "remove"];

    public Task<EngineStream> Open(CancellationToken cancellationToken)
    {
        // Docker answers before it has subscribed; naming the moment makes it hand over what falls between.
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var since = string.Create(CultureInfo.InvariantCulture, $"{now / 1000}.{now % 1000:D3}000000");
        var filters = EngineQuery.Filters(("type", ["container"]), ("label", [installation.LabelFilter]), ("event", Actions));
        return client.Open(EngineCall.Get("events", EngineQuery.Of("/events", ("since", since), ("filters", filters))), cancellationToken);
    }

    /// <summary>Events until the connection ends.</summary>
    public static async IAsyncEnumerable<EngineEvent> Read(EngineStream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var messages = JsonSerializer.DeserializeAsyncEnumerable(stream.Body, EngineJson.Default.EventMessage, topLevelValues: true, cancellationToken);
        await foreach (var message in messages.ConfigureAwait(false))
        {
            if (message is not null && Translate(message) is { } change)
            {
                yield return change;
            }
        }
    }

    /// <summary>Null for what concerns nobody. Podman says "remove" where Docker says "destroy".</summary>
    public static EngineEvent? Translate(EventMessage message)
    {
        var attributes = message.Actor?.Attributes;
        if (attributes is null || !attributes.TryGetValue(Labels.Instance, out var instance))
        {
            return null;
        }

        var isHolder = attributes.GetValueOrDefault(Labels.Role) == Labels.HolderRole;
        EngineEventKind? kind = message.Action switch
        {
            "start" when !isHolder => EngineEventKind.Started,
            "die" or "died" => EngineEventKind.Exited,
            "oom" => EngineEventKind.OutOfMemory,
            "pause" => EngineEventKind.Frozen,
            "unpause" => EngineEventKind.Thawed,
            "destroy" or "remove" => EngineEventKind.Removed,
            _ => null,
        };
        if (kind is null)
        {
            return null;
        }

        int? exitCode = kind == EngineEventKind.Exited
            && int.TryParse(attributes.GetValueOrDefault("exitCode"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var code) ? code : null;
        return new EngineEvent(
            kind.Value, instance, attributes.GetValueOrDefault(Labels.Service), isHolder ? null : attributes.GetValueOrDefault(Labels.Container), exitCode, isHolder ? "holder" : null);
    }
}
