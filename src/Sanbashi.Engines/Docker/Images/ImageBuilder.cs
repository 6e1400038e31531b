using System.Net.Http.Headers;
using System.Text.Json;
using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Registries;

namespace Sanbashi.Engines.Docker.Images;

/// <summary>Builds images with the engine's classic builder, the one that every engine has.</summary>
internal sealed class ImageBuilder(EngineClient client, LocalImages images, RegistryCredentials credentials, TimeProvider time)
{
    /// <summary>Of a failed build's output, quoted in the message.</summary>
    private const int QuotedLines = 10;

    public async Task<string> Build(Stream context, ImageBuildOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var path = EngineQuery.Of(
            "/build",
            ("t", options.Tag),
            ("dockerfile", options.Dockerfile),
            ("target", options.Target),
            ("buildargs", options.Arguments is { Count: > 0 } arguments
                ? JsonSerializer.Serialize(arguments.ToDictionary(), EngineJson.Default.DictionaryStringString)
                : null),
            ("rm", "1"),
            ("forcerm", "1"),
            ("version", "1"));
        var body = new StreamContent(context) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };
        var call = EngineCall.Post("image.build", path) with
        {
            Body = body,
            Timeout = ProgressReader.Silence,
            RegistryConfig = RegistryCredentials.Encode(await credentials.All(cancellationToken).ConfigureAwait(false)),
        };
        return await Follow(call, options.Tag, progress, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> Follow(EngineCall call, string tag, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var last = new Queue<string>(QuotedLines);
        string? id = null;
        try
        {
            await using var stream = await client.Open(call, cancellationToken).ConfigureAwait(false);
            await foreach (var message in ProgressReader.Read(stream, client.Address, time, cancellationToken).ConfigureAwait(false))
            {
                if (message.Error is { } error)
                {
                    throw Failed(tag, error, last);
                }

                id = message.Aux?.Id ?? id;
                foreach (var line in (message.Stream ?? message.Status ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    Keep(last, line);
                    progress?.Report(line);
                }
            }
        }
        catch (EngineApiException failure)
        {
            throw Failed(tag, failure.EngineMessage, last);
        }

        return id ?? (await images.Find(tag, cancellationToken).ConfigureAwait(false))?.Id ?? throw Failed(tag, "the engine made no image", last);
    }

    private static void Keep(Queue<string> lines, string line)
    {
        if (lines.Count == QuotedLines)
        {
            lines.Dequeue();
        }

        lines.Enqueue(line);
    }

    private static EngineException Failed(string tag, string error, IEnumerable<string> last) =>
        RuntimeText.IsDiskFull(error)
            ? new EngineException(EngineFailure.DiskFull, $"Building the image '{tag}' failed: the engine's disk is full. Free space, for example with 'docker system prune', and try again.")
            : new EngineException(EngineFailure.BuildFailed, string.Join('\n', [$"Building the image '{tag}' failed: {RuntimeText.Clean(error)}.", .. last.Select(line => "  " + line)]));
}
