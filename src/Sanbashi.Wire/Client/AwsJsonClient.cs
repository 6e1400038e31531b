using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>A small client of the json protocols, for the command line and for tests. It does not retry.</summary>
/// <param name="http">Sends the requests; its time-out applies.</param>
/// <param name="endpoint">Where the platform answers, for example <c>http://localhost:4600</c>.</param>
/// <param name="credential">The key that signs.</param>
/// <param name="region">The region of all calls.</param>
/// <param name="timeProvider">The clock of signatures.</param>
public sealed class AwsJsonClient(HttpClient http, Uri endpoint, ApiCredential credential, string region, TimeProvider timeProvider)
{
    /// <summary>The error of an answer that is not one of an AWS service, for example from a proxy in between.</summary>
    public const string UnexpectedAnswer = "UnexpectedAnswer";

    /// <summary>Calls an operation.</summary>
    /// <exception cref="ApiException">The service answered with an error, or with something else than JSON (<see cref="UnexpectedAnswer"/>).</exception>
    /// <exception cref="HttpRequestException">The service could not be reached.</exception>
    public Task<JsonObject> Call(ServiceModel model, string operation, JsonObject input, CancellationToken cancellationToken = default)
    {
        if (!model.Operations.ContainsKey(operation) || model.Metadata.TargetPrefix is not { } prefix)
        {
            throw new ArgumentException($"{model} has no operation '{operation}' in the json protocol.", nameof(operation));
        }

        return Call(prefix, model.SigningName, model.Metadata.JsonVersion, operation, input, cancellationToken);
    }

    /// <summary>Calls an operation of a service that is known by its names only.</summary>
    /// <param name="targetPrefix">What stands before the dot in <c>X-Amz-Target</c>, for example <c>AppRunner</c>.</param>
    /// <param name="signingName">The service in the credential scope, for example <c>apprunner</c>.</param>
    /// <param name="jsonVersion"><c>1.0</c> or <c>1.1</c>.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="input">The input by the model's names.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ApiException">The service answered with an error, or with something else than JSON (<see cref="UnexpectedAnswer"/>).</exception>
    /// <exception cref="HttpRequestException">The service could not be reached.</exception>
    public async Task<JsonObject> Call(
        string targetPrefix,
        string signingName,
        string jsonVersion,
        string operation,
        JsonObject input,
        CancellationToken cancellationToken = default)
    {
        var body = Encoding.UTF8.GetBytes(input.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue($"application/x-amz-json-{jsonVersion}") } },
        };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"{targetPrefix}.{operation}");
        SigV4Signer.Sign(request, body, credential, signingName, region, timeProvider.GetUtcNow());
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var answer = Parse(text);
        if (response.IsSuccessStatusCode && answer is not null)
        {
            return answer;
        }

        throw answer?["__type"] is JsonValue type
            ? new ApiException(Code(type.ToString()), Message(answer))
            : new ApiException(
                UnexpectedAnswer,
                $"{operation} at {endpoint} was answered with status {(int)response.StatusCode}, and not by an AWS service: '{Excerpt.Of(text, 200)}'. Is this the platform's address?");
    }

    /// <summary>Services may put a name space before the code.</summary>
    private static string Code(string type) => type[(type.LastIndexOf('#') + 1)..];

    private static string Message(JsonObject answer) => (answer["message"] ?? answer["Message"])?.ToString() ?? "";

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
