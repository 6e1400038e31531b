using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>One request to the Engine API.</summary>
/// <param name="Operation">Its name in metrics and messages, <c>container.start</c>.</param>
/// <param name="Path">Without the version, query included.</param>
internal sealed record EngineCall(string Operation, HttpMethod Method, string Path)
{
    /// <summary>How long the engine may take to answer (for streams: to begin). Default 30 s; infinite where the wait is for something to happen.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Long calls (stop, load, remove) have a bound of their own, so that they never keep a wake-up waiting.</summary>
    public bool IsLong { get; init; }

    public HttpContent? Body { get; init; }

    /// <summary>Value of X-Registry-Auth.</summary>
    public string? RegistryAuth { get; init; }

    /// <summary>Value of X-Registry-Config.</summary>
    public string? RegistryConfig { get; init; }

    /// <summary>Statuses that are no failure besides 2xx.</summary>
    public IReadOnlyList<HttpStatusCode> Tolerates { get; init; } = [];

    public static EngineCall Get(string operation, string path) => new(operation, HttpMethod.Get, path);

    public static EngineCall Post(string operation, string path) => new(operation, HttpMethod.Post, path);

    public static EngineCall Delete(string operation, string path) => new(operation, HttpMethod.Delete, path);

    public EngineCall With<T>(T body, JsonTypeInfo<T> type) => this with { Body = Json(body, type) };

    // A body of known length: chunked JSON is needless, and one more thing for an engine to get wrong.
    public static HttpContent Json<T>(T body, JsonTypeInfo<T> type) =>
        new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
