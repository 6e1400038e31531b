using System.Text.Json.Nodes;
using Sanbashi.Wire;

namespace Sanbashi.Cli.Contexts;

/// <summary>The models that commands speak, with failures as exit codes.</summary>
internal sealed class PlatformApi(AwsJsonClient client, Uri endpoint)
{
    // Known by name: loading the service models would cost every command more time than its call.
    private const string JsonVersion = "1.0";

    public Task<JsonObject> AppRunner(string operation, JsonObject input, CancellationToken cancellationToken) =>
        Call("AppRunner", "apprunner", operation, input, cancellationToken);

    public Task<JsonObject> Sanbashi(string operation, JsonObject input, CancellationToken cancellationToken) =>
        Call("Sanbashi", "sanbashi", operation, input, cancellationToken);

    public Task<JsonObject> SecretsManager(string operation, JsonObject input, CancellationToken cancellationToken) =>
        Call("secretsmanager", "secretsmanager", "1.1", operation, input, cancellationToken);

    private Task<JsonObject> Call(string prefix, string signingName, string operation, JsonObject input, CancellationToken cancellationToken) =>
        Call(prefix, signingName, JsonVersion, operation, input, cancellationToken);

    private async Task<JsonObject> Call(string prefix, string signingName, string jsonVersion, string operation, JsonObject input, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Call(prefix, signingName, jsonVersion, operation, input, cancellationToken);
        }
        catch (ApiException refused)
        {
            throw new CliException(ExitCode(refused), refused.Message, refused);
        }
        catch (HttpRequestException failure)
        {
            throw new CliException(
                ExitCodes.Unreachable, $"No platform answers at {endpoint.GetLeftPart(UriPartial.Authority)} ({failure.Message}). Is it running? sanbashi status", failure);
        }
        catch (TaskCanceledException slow) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException(ExitCodes.TimedOut, $"{operation} was not answered in time by {endpoint}.", slow);
        }
    }

    private static int ExitCode(ApiException refused) => refused.Code switch
    {
        "ResourceNotFoundException" => ExitCodes.NotFound,
        "InvalidStateException" or "ResourceExistsException" => ExitCodes.Conflict,
        "InvalidRequestException" when refused.Message.Contains("already exists", StringComparison.Ordinal)
            || refused.Message.Contains("isn't in RUNNING state", StringComparison.Ordinal) => ExitCodes.Conflict,
        "UnrecognizedClientException" or "InvalidSignatureException" or "IncompleteSignature" or "IncompleteSignatureException"
            or "MissingAuthenticationTokenException" or "AccessDeniedException" or "ExpiredTokenException" or "SignatureDoesNotMatch" => ExitCodes.Denied,
        AwsJsonClient.UnexpectedAnswer => ExitCodes.Unreachable,
        _ => ExitCodes.Failed,
    };
}
