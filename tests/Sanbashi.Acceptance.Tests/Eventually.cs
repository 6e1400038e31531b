using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Sanbashi.Acceptance.Tests;

/// <summary>Waits for what another process does: asks again and again until it is so, and tells what it saw last when the deadline passes.</summary>
internal static class Eventually
{
    /// <summary>Far longer than anything takes on a busy machine: it only bounds a failing test.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<T> Get<T>(Func<Task<T>> ask, Func<T, bool> isExpected, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(isExpected))] string? expectation = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var seen = await ask();
            if (isExpected(seen))
            {
                return seen;
            }

            if (watch.Elapsed > (deadline ?? Deadline))
            {
                throw new TimeoutException($"After {watch.Elapsed.TotalSeconds:0} s it was still not so: {expectation}. Last seen: {Text(seen)}");
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    private static string Text<T>(T seen) => seen is IEnumerable<string> lines ? string.Join("\n  ", lines.Prepend("")) : $"{seen}";

    public static Task True(Func<Task<bool>> ask, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(ask))] string? expectation = null) =>
        Get(ask, static isTrue => isTrue, deadline, expectation);
}
