namespace Sanbashi.Storage;

/// <summary>Wakes everything that waits for the next change. Take <see cref="Next"/> before looking, so that no change falls in between.</summary>
internal sealed class ChangeSignal(TaskCreationOptions options = TaskCreationOptions.RunContinuationsAsynchronously)
{
    private TaskCompletionSource _next = new(options);

    public Task Next => Volatile.Read(ref _next).Task;

    public void Pulse() => Interlocked.Exchange(ref _next, new TaskCompletionSource(options)).TrySetResult();
}
