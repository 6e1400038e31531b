using System.Threading.Channels;
using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Gateways;

/// <summary>
/// One connected gateway: what it still has to be told, what it has applied, what it has reported. The state is guarded by the hub's lock;
/// the queue and the end of the session are not.
/// </summary>
internal sealed class GatewaySession
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<(long Sequence, TaskCompletionSource Applied)> _waiting = [];

    /// <param name="isOlder">It has been counting since before the hub began.</param>
    public GatewaySession(string gatewayId, bool isOlder)
    {
        GatewayId = gatewayId;
        IsOlder = isOlder;
    }

    public string GatewayId { get; }

    public bool IsOlder { get; }

    public Channel<ControlPlaneMessage> Outbound { get; } = Channel.CreateBounded<ControlPlaneMessage>(new BoundedChannelOptions(GatewayHubDefaults.OutboundMessages) { SingleReader = true });

    /// <summary>Cancelled when the session is over, from whichever side.</summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>Why the hub ended the session; null if it did not.</summary>
    public string? EndReason { get; private set; }

    public long AppliedSequence { get; private set; } = -1;

    /// <summary>Requests in flight by instance as last reported; null before the first report. Instances without requests are not in it.</summary>
    public Dictionary<string, int>? InFlight { get; set; }

    /// <summary>The services of the last report.</summary>
    public IReadOnlyList<ServiceTraffic> Services { get; set; } = [];

    /// <summary>Waiting requests by service, from reports and from wishes for capacity, whichever came last.</summary>
    public Dictionary<string, int> Waiting { get; } = [];

    /// <summary>What is open and waiting, from reports and from wishes for capacity, whichever came last. Those without any are not in it.</summary>
    public Dictionary<LoadKey, (int Open, int Waiting)> Load { get; } = [];

    /// <summary>Instances this gateway has ejected and not been confirmed, by service.</summary>
    public Dictionary<string, HashSet<string>> Ejected { get; } = [];

    /// <summary>Queues a message; a gateway that is too far behind is let go.</summary>
    public void Tell(ControlPlaneMessage message)
    {
        if (!Outbound.Writer.TryWrite(message))
        {
            End($"it is more than {GatewayHubDefaults.OutboundMessages} messages behind");
        }
    }

    /// <summary>Completes when the gateway serves the sequence or is gone.</summary>
    public Task WhenApplied(long sequence)
    {
        if (AppliedSequence >= sequence || Ended.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }

        var applied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add((sequence, applied));
        return applied.Task;
    }

    public void Apply(long sequence)
    {
        AppliedSequence = Math.Max(AppliedSequence, sequence);
        _waiting.RemoveAll(waiter => waiter.Sequence <= AppliedSequence && waiter.Applied.TrySetResult());
    }

    /// <summary>Nobody waits for a gateway that is gone.</summary>
    public void ReleaseAll()
    {
        foreach (var (_, applied) in _waiting)
        {
            applied.TrySetResult();
        }

        _waiting.Clear();
    }

    public void End(string? reason)
    {
        EndReason ??= reason;
        Outbound.Writer.TryComplete();

        // Elsewhere: whoever ends a session may hold the hub's lock, and its end takes it.
        _ = _end.CancelAsync();
    }
}
