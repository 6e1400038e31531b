namespace Sanbashi.Cli.Supervision;

/// <summary>What one of the platform's processes knows of its supervisor's wishes.</summary>
internal sealed class ChildLink : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _hurrying = new();
    private readonly SupervisorLink? _link;

    public ChildLink() => _link = SupervisorLink.FromEnvironment(
        retire: () =>
        {
            IsRetired = true;
            _stopping.Cancel();
        },
        supervisorGone: Stop);

    /// <summary>Cancelled when the process is to end: by a signal, by the supervisor, or by its death.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Cancelled when a retired process is told to end all the same: the whole platform stops, and the time of a hand-over is no longer there.</summary>
    public CancellationToken Hurrying => _hurrying.Token;

    /// <summary>Whether a successor serves already, so that there is time for what is still open.</summary>
    public bool IsRetired { get; private set; }

    public void Say(string word) => _link?.Say(word);

    public void Refuse(string reason) => _link?.Refuse(reason);

    public void Stop()
    {
        if (IsRetired)
        {
            _hurrying.Cancel();
        }

        _stopping.Cancel();
    }

    public async Task UntilStopping()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Stopping.Register(stopped.SetResult);
        await stopped.Task;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _hurrying.Dispose();
    }
}
