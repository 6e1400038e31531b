using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Deployments;

/// <summary>What to do about a service whose secrets may have changed.</summary>
public abstract record SecretRefreshDecision
{
    private SecretRefreshDecision()
    {
    }

    /// <summary>It runs with what it reads.</summary>
    public sealed record Settled : SecretRefreshDecision;

    /// <summary>Deploy it anew, and note that.</summary>
    public sealed record Begin(RefreshAttempt Attempt) : SecretRefreshDecision;

    /// <summary>The last attempt failed a short while ago.</summary>
    public sealed record Wait(DateTimeOffset Until) : SecretRefreshDecision;

    /// <summary>Whoever looks at the service has to decide.</summary>
    public sealed record GiveUp(bool IsCancelled) : SecretRefreshDecision;
}
