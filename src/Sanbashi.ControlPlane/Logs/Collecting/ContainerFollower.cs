using Microsoft.Extensions.Logging;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Logs.Collecting;

/// <summary>Collects the output of one container. One reading at a time, so that no line is taken twice.</summary>
/// <param name="onEnded">Called when following has come to its end by itself; this is of no use afterwards.</param>
internal sealed class ContainerFollower(
    IContainerEngine engine, LogStore store, TimeProvider timeProvider, ILogger logger, string serviceId, string instanceId, string container, Action<ContainerFollower> onEnded)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>An engine that refuses to tell a container's output is asked again after this time.</summary>
    private static readonly TimeSpan RefusalPause = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _reading = new(1);
    private CancellationTokenSource? _stop;
    private LogCursor? _cursor;
    private bool _isRetired;

    public string InstanceId { get; } = instanceId;

    public string Container { get; } = container;

    /// <summary>Completes when nothing is being followed (any more).</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Follows, unless it does already.</summary>
    public void Start(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Ended.IsCompleted && !_isRetired && !cancellationToken.IsCancellationRequested)
            {
                _stop?.Dispose();
                _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                Ended = Task.Run(() => FollowAndRetire(_stop.Token), CancellationToken.None);
            }
        }
    }

    /// <summary>From now on <see cref="Start"/> does nothing: another follower of the same container may be at work.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
        }
    }

    /// <summary>Stops to follow and reads what there still is.</summary>
    public async Task Finish(CancellationToken cancellationToken)
    {
        Task ended;
        lock (_gate)
        {
            _stop?.Cancel();
            ended = Ended;
        }

        await ended.WaitAsync(cancellationToken);
        try
        {
            await Read(follow: false, cancellationToken);
        }
        catch (Exception e) when (e is EngineException or IOException or UnauthorizedAccessException)
        {
            logger.CannotRead(Container, InstanceId, e.Message);
        }
    }

    private async Task FollowAndRetire(CancellationToken cancellationToken)
    {
        try
        {
            await Follow(cancellationToken);
            Retire();
            onEnded(this);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Finish goes on from here, or the process ends.
        }
    }

    /// <summary>Returns when the container has ended or is gone.</summary>
    private async Task Follow(CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await Read(follow: true, cancellationToken);

                // Docker ends the stream with the container and may leave out what came last: a line without an end, always.
                await Read(follow: false, cancellationToken);
                return;
            }
            catch (EngineException e) when (e.Failure == EngineFailure.NotFound)
            {
                return;
            }
            catch (EngineException e) when (e.Failure != EngineFailure.Unreachable)
            {
                Note(e);
                await Task.Delay(RefusalPause, timeProvider, cancellationToken);
                return;
            }
            catch (Exception e) when (e is EngineException or IOException or UnauthorizedAccessException)
            {
                // The engine is away, or the disk is full: the engine keeps the lines until both are back.
                logger.ReadingAgain(Container, InstanceId, pause, e.Message);
            }

            await Task.Delay(pause, timeProvider, cancellationToken);
        }
    }

    private async Task Read(bool follow, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            _cursor ??= store.CursorOf(serviceId, InstanceId, Container);
            await foreach (var line in engine.ReadLogs(InstanceId, Container, _cursor, follow, cancellationToken))
            {
                store.AppendOutput(serviceId, InstanceId, Container, line);
                _cursor = line.Cursor;
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    private void Note(EngineException reason)
    {
        logger.CannotRead(Container, InstanceId, reason.Message);
        try
        {
            store.AppendNote(serviceId, InstanceId, Container, $"[sanbashi] the output of this container cannot be read from the engine: {reason.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.CannotRead(Container, InstanceId, e.Message);
        }
    }
}
