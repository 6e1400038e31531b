namespace Sanbashi.Wire;

/// <summary>For hosts that register no <see cref="ICallAuthorizer"/>: whoever has a key may do everything.</summary>
internal sealed class EveryCallAllowed : ICallAuthorizer
{
    public ValueTask<string?> Authorize(ApiCall call, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
}
