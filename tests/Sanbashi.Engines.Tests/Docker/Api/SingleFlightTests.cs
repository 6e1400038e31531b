using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Tests.Docker.Api;

public sealed class SingleFlightTests
{
    private readonly CancellationToken _cancelled = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_AfterForgetWhileAnAttemptRuns_MakesItAnewAfterThatAttempt()
    {
        var (running, most, made) = (0, 0, 0);
        var isBegun = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        var flight = new SingleFlight<int>(async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            isBegun.TrySetResult();
            await mayEnd.Task;
            Interlocked.Decrement(ref running);
            return ++made;
        });

        var first = flight.Get(_cancelled);
        await isBegun.Task;
        flight.Forget();
        var second = flight.Get(_cancelled);
        var third = flight.Get(_cancelled);
        mayEnd.SetResult();

        (await first, await second, await third).ShouldBe((1, 2, 2));
        most.ShouldBe(1);
    }

    [Fact]
    public async Task Get_AfterAnAttemptThatFailed_MakesItAnew()
    {
        var attempts = 0;
        var flight = new SingleFlight<int>(() => ++attempts == 1 ? Task.FromException<int>(new IOException("no")) : Task.FromResult(attempts));

        (await Should.ThrowAsync<IOException>(() => flight.Get(_cancelled))).Message.ShouldBe("no");
        (await flight.Get(_cancelled)).ShouldBe(2);
    }
}
