using System.Runtime.CompilerServices;
using System.Text.Json;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Images;

/// <summary>Reads the messages of a pull or build. They may take as long as they like, but not fall silent.</summary>
internal static class ProgressReader
{
    /// <summary>A step of a build may compile for a while without a word.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);

    public static async IAsyncEnumerable<ProgressMessage> Read(
        EngineStream stream, EngineAddress address, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(Silence, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        await using var messages = JsonSerializer.DeserializeAsyncEnumerable(stream.Body, EngineJson.Default.ProgressMessage, topLevelValues: true, linked.Token)
            .GetAsyncEnumerator(linked.Token);
        while (true)
        {
            try
            {
                if (!await messages.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new EngineException(EngineFailure.Unreachable, $"The engine at {address} has said nothing about its progress for {Silence.TotalMinutes:0} minutes; given up.");
            }
            catch (Exception failure) when (failure is IOException or HttpRequestException or JsonException)
            {
                throw EngineFailures.Unreachable(address, "progress", failure);
            }

            silence.CancelAfter(Silence);
            if (messages.Current is { } message)
            {
                yield return message;
            }
        }
    }
}
