using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>The log lines about secrets. Values are in none of them.</summary>
internal static partial class SecretsLog
{
    [LoggerMessage(1, LogLevel.Information, "The secret {Name} in {Region} is deleted for good: its recovery window is over")]
    public static partial void Purged(ILogger logger, string name, string region);

    [LoggerMessage(2, LogLevel.Warning, "Secrets whose recovery window is over could not be removed; trying again in an hour")]
    public static partial void PurgeFailed(ILogger logger, Exception failure);

    [LoggerMessage(3, LogLevel.Information, "Key {KeyId} seals the secrets now; {Rewrapped} values were sealed with it anew, {Failed} could not be opened")]
    public static partial void Rewrapped(ILogger logger, string keyId, int rewrapped, int failed);

    [LoggerMessage(4, LogLevel.Error, "A value stays under the key it has: {Problem}")]
    public static partial void NotRewrapped(ILogger logger, string problem);

    [LoggerMessage(5, LogLevel.Warning, "Sealing the secrets with the new key could not be finished; the next start goes on")]
    public static partial void RewrapFailed(ILogger logger, Exception failure);

    [LoggerMessage(6, LogLevel.Warning, "Services could not be compared with the secrets that they read; trying again")]
    public static partial void RedeploymentFailed(ILogger logger, Exception failure);

    [LoggerMessage(7, LogLevel.Information, "The secret {Name} in {Region} was rotated")]
    public static partial void Rotated(ILogger logger, string name, string region);

    [LoggerMessage(8, LogLevel.Warning, "{Message}")]
    public static partial void RotationFailed(ILogger logger, string message);

    [LoggerMessage(9, LogLevel.Information, "The rotation of the secret {Name} was interrupted and goes on later: {Reason}")]
    public static partial void RotationInterrupted(ILogger logger, string name, string reason);

    [LoggerMessage(10, LogLevel.Error, "The rotation of the secret {Name} failed unexpectedly; trying again")]
    public static partial void RotationBroken(ILogger logger, Exception failure, string name);

    [LoggerMessage(11, LogLevel.Warning, "It could not be found out which secrets are to be rotated; trying again")]
    public static partial void RotationsUnknown(ILogger logger, Exception failure);
}
