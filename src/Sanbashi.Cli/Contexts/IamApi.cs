using System.Xml.Linq;
using Sanbashi.Wire;

namespace Sanbashi.Cli.Contexts;

/// <summary>IAM, with failures as exit codes.</summary>
internal sealed class IamApi(AwsQueryClient client, Uri endpoint)
{
    private const string Version = "2010-05-08";

    public async Task<XElement> Call(string action, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Call("iam", Version, action, parameters, cancellationToken);
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
            throw new CliException(ExitCodes.TimedOut, $"{action} was not answered in time by {endpoint}.", slow);
        }
    }

    private static int ExitCode(ApiException refused) => refused.Code switch
    {
        "NoSuchEntity" => ExitCodes.NotFound,
        "EntityAlreadyExists" => ExitCodes.Conflict,
        "AccessDenied" or "InvalidClientTokenId" or "SignatureDoesNotMatch" or "ExpiredToken" => ExitCodes.Denied,
        AwsJsonClient.UnexpectedAnswer => ExitCodes.Unreachable,
        _ => ExitCodes.Failed,
    };
}
