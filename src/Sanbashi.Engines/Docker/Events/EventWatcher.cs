using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Events;

/// <summary>
/// Events without end: connects, prepares what may be missing on a new or restarted engine, says so, and hands events over one at a time (nothing is queued
/// here; a slow reader is waited for).
/// </summary>
internal sealed class EventWatcher(EventStream events, Func<CancellationToken, Task> prepare, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<EngineEvent> Watch([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var delay = ShortestDelay;
        var isAway = false;
        while (true)
        {
            string reason;
            var (stream, problem) = await TryOpen(cancellationToken).ConfigureAwait(false);
            if (stream is not null)
            {
                await using (stream.ConfigureAwait(false))
                {
                    await prepare(cancellationToken).ConfigureAwait(false);
                    isAway = false;
                    delay = ShortestDelay;
                    yield return Self(EngineEventKind.Connected, null);

                    await using var reader = EventStream.Read(stream, cancellationToken).GetAsyncEnumerator(cancellationToken);
                    while (true)
                    {
                        var (change, end) = await TryNext(reader, cancellationToken).ConfigureAwait(false);
                        if (change is null)
                        {
                            reason = end;
                            break;
                        }

                        yield return change;
                    }
                }
            }
            else
            {
                reason = problem;
            }

            if (!isAway)
            {
                isAway = true;
                yield return Self(EngineEventKind.Disconnected, reason);
            }

            EngineLog.EventsLost(logger, reason, delay);
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    private async Task<(EngineStream? Stream, string Problem)> TryOpen(CancellationToken cancellationToken)
    {
        try
        {
            return (await events.Open(cancellationToken).ConfigureAwait(false), "");
        }
        catch (Exception failure) when (failure is EngineException or EngineApiException)
        {
            return (null, failure.Message);
        }
    }

    private static async Task<(EngineEvent? Change, string End)> TryNext(IAsyncEnumerator<EngineEvent> reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.MoveNextAsync().ConfigureAwait(false) ? (reader.Current, "") : (null, "it closed its stream of events");
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or JsonException && !cancellationToken.IsCancellationRequested)
        {
            return (null, $"its stream of events broke: {failure.Message}");
        }
    }

    private static EngineEvent Self(EngineEventKind kind, string? detail) => new(kind, null, null, null, null, detail);
}
