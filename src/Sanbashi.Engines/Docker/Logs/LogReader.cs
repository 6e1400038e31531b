using System.Runtime.CompilerServices;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Logs;

/// <summary>Reads one container's output from the engine.</summary>
internal sealed class LogReader(EngineClient client)
{
    /// <param name="hasEnded">Whether the container had ended before the call: then a last line without an end is complete.</param>
    public async IAsyncEnumerable<LogLine> Read(
        string containerId, LogCursor? after, bool follow, bool hasEnded, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = EngineQuery.Of(
            $"/containers/{containerId}/logs",
            ("stdout", "1"),
            ("stderr", "1"),
            ("timestamps", "1"),
            ("follow", follow ? "1" : "0"),
            ("since", after is null ? null : EngineTimestamp.Since(after.Nanoseconds)));

        // Podman does not even answer before there is a first line to follow.
        var call = EngineCall.Get("container.logs", path);
        await using var stream = await client.Open(follow ? call with { Timeout = Timeout.InfiniteTimeSpan } : call, cancellationToken).ConfigureAwait(false);
        var frames = new FrameReader(stream.Body);
        var assembler = new LogAssembler(after);
        while (await Next(frames, cancellationToken).ConfigureAwait(false))
        {
            foreach (var line in assembler.Accept(frames.IsError, frames.Payload.Span))
            {
                yield return line;
            }
        }

        if (follow || hasEnded)
        {
            foreach (var line in assembler.Finish())
            {
                yield return line;
            }
        }
    }

    private async ValueTask<bool> Next(FrameReader frames, CancellationToken cancellationToken)
    {
        try
        {
            return await frames.Next(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw EngineFailures.Unreachable(client.Address, "container.logs", failure);
        }
    }
}
