using System.Net;
using Sanbashi.Gateway.Access;

namespace Sanbashi.Gateway.Tests.Access;

public sealed class RateLimiterTests
{
    private const long Second = 1000;
    private static readonly IPAddress _client = IPAddress.Parse("198.51.100.1");

    [Fact]
    public void Take_AtThePermittedRate_NeverWaits()
    {
        var limiter = new RateLimiter();

        for (long now = 0; now < 100 * Second; now += 100)
        {
            limiter.Take(_client, now, interval: 100, burst: 1, Second).ShouldBe(0);
        }
    }

    [Fact]
    public void Take_BeyondTheBurst_SaysHowLongToWait_AndRefusalsCountForNothing()
    {
        var limiter = new RateLimiter();

        limiter.Take(_client, 0, interval: 100, burst: 2, Second).ShouldBe(0);
        limiter.Take(_client, 0, interval: 100, burst: 2, Second).ShouldBe(0);
        for (var i = 0; i < 10; i++)
        {
            limiter.Take(_client, 0, interval: 100, burst: 2, Second).ShouldBe(100);
        }

        limiter.Take(_client, 60, interval: 100, burst: 2, Second).ShouldBe(40);
        limiter.Take(_client, 100, interval: 100, burst: 2, Second).ShouldBe(0);
        limiter.Take(_client, 100, interval: 100, burst: 2, Second).ShouldBe(100);
    }

    [Fact]
    public void Clients_BeyondTheLimit_ShareOneRate_UntilOthersAreForgotten()
    {
        var limiter = new RateLimiter();
        for (var i = 0; i < GatewayDefaults.RateLimitClients; i++)
        {
            limiter.Take(Client(i), 0, interval: 100, burst: 1, Second).ShouldBe(0);
        }

        limiter.Take(Client(-1), 0, interval: 100, burst: 1, Second).ShouldBe(0);
        limiter.Take(Client(-2), 0, interval: 100, burst: 1, Second).ShouldBe(100, "they share");
        limiter.Count.ShouldBeLessThanOrEqualTo(GatewayDefaults.RateLimitClients + 1);

        limiter.Take(Client(-3), 2 * Second, interval: 100, burst: 1, Second).ShouldBe(0);
        limiter.Take(Client(-4), 2 * Second, interval: 100, burst: 1, Second).ShouldBe(0, "the others have been silent long enough");
        limiter.Count.ShouldBe(2);
    }

    private static IPAddress Client(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
