namespace Sanbashi.Cli.Tests;

/// <summary>Waits for a condition, with a deadline that is far beyond what it ever takes.</summary>
internal static class Until
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);

    public static async Task<T> NotNull<T>(Func<Task<T?>> probe, string what)
        where T : class
    {
        using var deadline = new CancellationTokenSource(_deadline);
        while (true)
        {
            if (await probe() is { } found)
            {
                return found;
            }

            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {_deadline.TotalSeconds:0} s in vain for {what}.");
            }

            await Task.Delay(10, CancellationToken.None);
        }
    }

    public static Task True(Func<bool> condition, string what) => NotNull(() => Task.FromResult(condition() ? "" : null), what);
}
