using System.Net.Http.Headers;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>An HTTP endpoint: gets each step as a POST, with the event that AWS gives its functions, and reads and writes the secret through the API.</summary>
internal sealed class EndpointRotator(HttpClient http, Uri url) : IRotator
{
    /// <summary>As a function of AWS's.</summary>
    public TimeSpan Limit { get; } = TimeSpan.FromMinutes(15);

    public async Task<SecretValue?> Take(RotationStep step, RotationCase rotation, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(RotationEvent.Bytes(RotationEvent.Of(step, rotation))) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? RotationEvent.Read(step, await response.Content.ReadAsByteArrayAsync(cancellationToken))
                : throw new RotationException($"The rotator at {url.GetLeftPart(UriPartial.Path)} answered {(int)response.StatusCode}; its own log says why.");
        }
        catch (HttpRequestException failure)
        {
            throw new RotationException($"The rotator at {url.GetLeftPart(UriPartial.Path)} does not answer: {failure.Message}", failure);
        }
    }
}
