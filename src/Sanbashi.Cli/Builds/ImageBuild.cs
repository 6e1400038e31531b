using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Terminal;
using Sanbashi.Engines;
using Sanbashi.Wire;
using Spectre.Console;

namespace Sanbashi.Cli.Builds;

/// <summary>Uploads a folder to the platform, whose engine builds it, and passes the engine's lines on.</summary>
internal static class ImageBuild
{
    private const string SigningName = "sanbashi";

    /// <exception cref="CliException">The folder cannot be read, or the build failed; its lines were printed.</exception>
    public static async Task<BuiltImage> Run(
        PlatformConnection platform, string folder, string dockerfile, string tag, bool json, CancellationToken cancellationToken)
    {
        // Packed into a file first: it tells the Dockerfile's name inside, and the size, before anything is sent.
        var path = Path.GetTempFileName();
        await using var context = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 81920, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        var dockerfileInside = await BuildContext.WriteTar(folder, dockerfile, context, cancellationToken);
        context.Position = 0;
        Console.Error.WriteLine($"Building {tag} from {Path.GetFullPath(folder)} ({Size(context.Length)})");

        var query = $"tag={Uri.EscapeDataString(tag)}&dockerfile={Uri.EscapeDataString(dockerfileInside)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform.Endpoint, $"/sanbashi/builds?{query}"))
        {
            Content = new StreamContent(context) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } },
        };
        SigV4Signer.Sign(request, [], platform.Credential, SigningName, platform.Region, TimeProvider.System.GetUtcNow(), unsignedPayload: true);

        // A build takes as long as it takes; Ctrl-C ends it.
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var response = await Send(http, request, platform, cancellationToken);
        return await Read(response, tag, json, cancellationToken);
    }

    private static async Task<HttpResponseMessage> Send(HttpClient http, HttpRequestMessage request, PlatformConnection platform, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw new CliException(ExitCodes.Unreachable, $"The build could not be sent to {platform.Endpoint} ({failure.Message}). Is the platform running? sanbashi status", failure);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new CliException(ExitCodes.Failed, $"The platform refused the build (HTTP {(int)response.StatusCode}): {Message(text)}");
        }
    }

    private static async Task<BuiltImage> Read(HttpResponseMessage response, string tag, bool json, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JsonNode.Parse(line) is not JsonObject message)
            {
                continue;
            }

            if ((string?)message["stream"] is { } output && !json)
            {
                Output.Progress.MarkupLine($"[grey]  {output.TrimEnd('\n', '\r').EscapeMarkup()}[/]");
            }

            if ((string?)message["error"] is { } error)
            {
                throw new CliException(ExitCodes.Failed, $"The image could not be built: {error}");
            }

            if ((string?)message["imageId"] is { } imageId)
            {
                return new BuiltImage(imageId, (string?)message["tag"] ?? tag);
            }
        }

        throw new CliException(ExitCodes.Failed, "The platform stopped answering in the middle of the build. Its log says why: sanbashi status shows where it is.");
    }

    private static string Message(string text)
    {
        try
        {
            var answer = JsonNode.Parse(text);
            return (string?)(answer?["message"] ?? answer?["Message"]) ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static string Size(long bytes) => bytes < 1_000_000
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
