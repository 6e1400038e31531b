using System.Security.Cryptography;
using System.Text;
using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Deployments;

/// <summary>
/// Whether what runs is to be deployed anew because what it reads has changed. Pure. A deployment that fails is tried again after growing pauses, a few times for the
/// same versions: credentials may be refused by now, but a deployment that cannot succeed is not to be repeated for ever.
/// </summary>
public static class SecretRefresh
{
    /// <summary>Before the second attempt, the third, ...; after the last there is none.</summary>
    public static IReadOnlyList<TimeSpan> Pauses { get; } = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1)];

    public static int MostAttempts => Pauses.Count + 1;

    /// <param name="last">What was begun before, since the service last had what it reads.</param>
    /// <param name="wanted">The versions that its references mean now, by variable.</param>
    /// <param name="isChanged">Whether any of them has another value than what runs.</param>
    /// <param name="isCancelled">Somebody has stopped the last attempt.</param>
    public static SecretRefreshDecision Decide(
        RefreshAttempt? last, IReadOnlyDictionary<string, PinnedSecret> wanted, bool isChanged, bool isCancelled, DateTimeOffset now)
    {
        if (!isChanged)
        {
            return new SecretRefreshDecision.Settled();
        }

        var pins = Pins(wanted);
        if (last is null || last.Pins != pins)
        {
            return new SecretRefreshDecision.Begin(new RefreshAttempt(pins, 1, now));
        }

        if (isCancelled || last.Count >= MostAttempts)
        {
            return new SecretRefreshDecision.GiveUp(isCancelled);
        }

        var due = last.At + Pauses[last.Count - 1];
        return due > now ? new SecretRefreshDecision.Wait(due) : new SecretRefreshDecision.Begin(last with { Count = last.Count + 1, At = now });
    }

    /// <summary>The same for the same versions only.</summary>
    public static string Pins(IReadOnlyDictionary<string, PinnedSecret> secrets) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\n', secrets.OrderBy(static secret => secret.Key, StringComparer.Ordinal).Select(static secret => $"{secret.Key}\t{secret.Value.Arn}\t{secret.Value.VersionId}")))));
}
