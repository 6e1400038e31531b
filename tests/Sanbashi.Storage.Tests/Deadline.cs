namespace Sanbashi.Storage.Tests;

/// <summary>Ends waits that would otherwise hang a broken test.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static CancellationToken Token() => new CancellationTokenSource(Longest).Token;

    public static Task WithDeadline(this Task task) => task.WaitAsync(Longest);

    public static Task<T> WithDeadline<T>(this Task<T> task) => task.WaitAsync(Longest);
}
