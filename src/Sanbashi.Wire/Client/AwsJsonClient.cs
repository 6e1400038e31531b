using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>A small client of the json protocols, for the command line and for tests.</summary>
public sealed class AwsJsonClient(HttpClient http, Uri endpoint, ApiCredential credential, string region, TimeProvider timeProvider)
{
    /// <summary>Calls an operation.</summary>
    /// <exception cref="ApiException">The service answered with an error.</exception>
    public Task<JsonObject> Call(ServiceModel model, string operation, JsonObject input, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{http} {endpoint} {credential} {region} {timeProvider} {model} {operation} {input} {cancellationToken}");

    /// <summary>Calls an operation of a service that is known by its names only.</summary>
    /// <exception cref="ApiException">The service answered with an error.</exception>
    public Task<JsonObject> Call(
        string targetPrefix,
        string signingName,
        string jsonVersion,
        string operation,
        JsonObject input,
        CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{targetPrefix} {signingName} {jsonVersion} {operation} {input} {cancellationToken}");
}
