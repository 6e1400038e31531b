namespace Sanbashi.Engines.Docker.Api;

/// <summary>
/// Something that is made once and shared: callers that come while it is being made wait for the same attempt; a failed attempt is forgotten. A caller that
/// gives up does not stop the attempt.
/// </summary>
internal sealed class SingleFlight<T>(Func<Task<T>> make)
{
    private readonly Lock _gate = new();
    private Task<T>? _attempt;

    public Task<T> Get(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_attempt is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _attempt = Task.Run(make, CancellationToken.None);
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
}
