using System.Diagnostics;

namespace Sanbashi.Engines.Tests.Hosts;

internal static class Eventually
{
    public static async Task Is(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(deadline ?? TimeSpan.FromSeconds(20), $"waited for: {what}");
            await Task.Delay(20);
        }
    }
}
