using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Access;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Access;

public sealed class PasswordVerifierTests
{
    private static readonly PasswordHash _hash = PasswordHash.Make("right", PasswordHash.LeastIterations);

    [Theory]
    [InlineData("right", true)]
    [InlineData("wrong", false)]
    public async Task Password_CheckedOnce_IsKnown(string password, bool isRight)
    {
        using var verifier = new PasswordVerifier();

        var all = Enumerable.Range(0, 20).Select(_ => verifier.Verify(_hash, "hash", password, CancellationToken.None).AsTask()).ToList();
        (await Task.WhenAll(all).InTime()).ShouldAllBe(result => result == isRight);
        verifier.Verify(_hash, "hash", password, CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue("without any computation");

        verifier.Computed.ShouldBeInRange(1, Math.Max(1, Environment.ProcessorCount / 2));
    }

    [Fact]
    public async Task Passwords_BeyondThoseThatMayWait_AreNotChecked()
    {
        using var verifier = new PasswordVerifier();
        var slow = PasswordHash.Make("right", PasswordHash.MostIterations);

        var all = Enumerable.Range(0, 3 * GatewayDefaults.PasswordChecksWaiting).Select(i => verifier.Verify(slow, "slow", i % 2 == 0 ? "right" : "wrong", CancellationToken.None).AsTask()).ToList();

        all.Count(static task => task.IsCompletedSuccessfully && task.Result is null).ShouldBeGreaterThan(GatewayDefaults.PasswordChecksWaiting);
        (await Task.WhenAll(all).InTime()).ShouldContain(static result => result == true);
    }
}
