namespace Sanbashi.Engines.Docker.Api;

/// <summary>
/// Something that is made once and shared: callers that come while it is being made wait for the same attempt; a failed attempt is forgotten. A caller that
/// gives up does not stop the attempt. Attempts never overlap, not even with one that was forgotten while it ran: two that make the same thing would be in
/// each other's way.
/// </summary>
internal sealed class SingleFlight<T>(Func<Task<T>> make)
{
    private readonly Lock _gate = new();
    private Task<T>? _attempt;
    private Task _last = Task.CompletedTask;

    public Task<T> Get(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_attempt is null or { IsFaulted: true } or { IsCanceled: true })
            {
                var before = _last;
                _attempt = Task.Run(() => MakeAfter(before), CancellationToken.None);
                _last = _attempt;
            }

            return _attempt.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The next caller makes it anew.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _attempt = null;
        }
    }

    private async Task<T> MakeAfter(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await make().ConfigureAwait(false);
    }
}
