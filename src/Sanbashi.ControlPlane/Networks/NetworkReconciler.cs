using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Networks.Ingress;
using Sanbashi.Domain.Networks;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Networks;

/// <summary>
/// Tells the engine which networks are wanted: after each change, and every few seconds, since people attach containers of their own. What follows from where they are, it
/// tells the routes of private services and the name servers of endpoints.
/// </summary>
internal sealed class NetworkReconciler
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    /// <summary>Without networks nobody attaches anything to one.</summary>
    private static readonly TimeSpan _idleInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(2);

    private readonly NetworkDirectory _directory;
    private readonly IContainerEngine _engine;
    private readonly PrivateServices _privates;
    private readonly EndpointNames _names;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private long _wanted = 1;
    private long _settled;
    private TaskCompletionSource _settling = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NetworkReconciler(
        NetworkDirectory directory, IContainerEngine engine, PrivateServices privates, EndpointNames names, TimeProvider timeProvider, ILogger logger)
    {
        (_directory, _engine, _privates, _names, _timeProvider, _logger) = (directory, engine, privates, names, timeProvider, logger);
        directory.Changed += Signal;
    }

    /// <summary>Completes when the engine has all that was changed before this call.</summary>
    /// <exception cref="EngineException">It could not be given it; another attempt follows.</exception>
    public async Task Settled(CancellationToken cancellationToken)
    {
        long asked;
        lock (_gate)
        {
            asked = _wanted;
        }

        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_settled >= asked)
                {
                    return;
                }

                next = _settling.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Completes when the engine was given the networks once, or would not take them, or the time is up.</summary>
    public async Task WaitForFirst(TimeSpan patience, CancellationToken cancellationToken)
    {
        Task first;
        lock (_gate)
        {
            first = _settled > 0 ? Task.CompletedTask : _settling.Task;
        }

        await first.WaitAsync(patience, _timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task Run(CancellationToken cancellationToken)
    {
        var isTold = false;
        try
        {
            while (true)
            {
                long wanted;
                lock (_gate)
                {
                    wanted = _wanted;
                }

                var pause = _idleInterval;
                try
                {
                    var maps = await _directory.ReadAll(cancellationToken);
                    var design = NetworkDesigner.Of(maps.Values);
                    var places = await _engine.ApplyNetworks(design, cancellationToken);
                    _privates.Replace(maps.Values.SelectMany(map => map.All<VpcIngressRecord>()), places);
                    await _names.Follow([.. places.Where(place => design.Vpcs.Any(vpc => vpc.Id == place.VpcId && vpc.Endpoints.Count > 0)).Select(place => place.Machine)]);
                    isTold = false;
                    pause = design.Vpcs.Count > 0 ? _interval : _idleInterval;
                    Settle(wanted);
                }
                catch (EngineException failure)
                {
                    Fail(failure);
                    if (!isTold)
                    {
                        NetworksLog.NotApplied(_logger, failure.Message);
                        isTold = true;
                    }

                    pause = _retryAfter;
                }

                await WaitForSignal(pause, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private void Signal()
    {
        lock (_gate)
        {
            _wanted++;
        }

        _signals.Writer.TryWrite(true);
    }

    private void Settle(long wanted)
    {
        lock (_gate)
        {
            _settled = wanted;
        }

        Next().SetResult();
    }

    private void Fail(EngineException failure)
    {
        var failed = Next();
        failed.SetException(failure);

        // Nobody may be waiting.
        _ = failed.Task.Exception;
    }

    /// <summary>The one that is waited for now; the next ones wait for another.</summary>
    private TaskCompletionSource Next()
    {
        lock (_gate)
        {
            var present = _settling;
            _settling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return present;
        }
    }

    private async Task WaitForSignal(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var pause = new CancellationTokenSource(limit, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
        try
        {
            await _signals.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody said anything; look again anyway.
        }
    }
}
