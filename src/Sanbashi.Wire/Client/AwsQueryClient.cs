using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Sanbashi.Wire;

/// <summary>A small client of the query protocol (IAM, STS), for the command line. It does not retry.</summary>
/// <param name="http">Sends the requests; its time-out applies.</param>
/// <param name="endpoint">Where the platform answers.</param>
/// <param name="credential">The key that signs.</param>
/// <param name="region">The region of all calls.</param>
/// <param name="timeProvider">The clock of signatures.</param>
public sealed class AwsQueryClient(HttpClient http, Uri endpoint, ApiCredential credential, string region, TimeProvider timeProvider)
{
    /// <summary>Calls an operation; answers the root of its XML.</summary>
    /// <param name="signingName">The service in the credential scope, for example <c>iam</c>.</param>
    /// <param name="version">The version of its API.</param>
    /// <param name="action">The operation.</param>
    /// <param name="parameters">The input, flattened.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ApiException">The service answered with an error, or with something else than XML (<see cref="AwsJsonClient.UnexpectedAnswer"/>).</exception>
    /// <exception cref="HttpRequestException">The service could not be reached.</exception>
    public async Task<XElement> Call(
        string signingName, string version, string action, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken = default)
    {
        var form = parameters.Prepend(KeyValuePair.Create("Version", version)).Prepend(KeyValuePair.Create("Action", action));
        var body = Encoding.UTF8.GetBytes(string.Join('&', form.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}")));
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(FormParameters.ContentType) } },
        };
        SigV4Signer.Sign(request, body, credential, signingName, region, timeProvider.GetUtcNow());
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var answer = Parse(text);
        if (response.IsSuccessStatusCode && answer is not null)
        {
            return answer;
        }

        throw answer is not null && Find(answer, "Code") is { } code
            ? new ApiException(code, Find(answer, "Message") ?? "")
            : new ApiException(
                AwsJsonClient.UnexpectedAnswer,
                $"{action} at {endpoint} was answered with status {(int)response.StatusCode}, and not by an AWS service: '{Excerpt.Of(text, 200)}'. Is this the platform's address?");
    }

    /// <summary>The text of the first element with this name, wherever it is; null when there is none.</summary>
    public static string? Find(XElement answer, string name) => answer.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

    private static XElement? Parse(string text)
    {
        try
        {
            return XElement.Parse(text);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
