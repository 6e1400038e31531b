using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>The log lines about secrets. Values are in none of them.</summary>
internal static partial class SecretsLog
{
    [LoggerMessage(1, LogLevel.Information, "The secret {Name} in {Region} is deleted for good: its recovery window is over")]
    public static partial void Purged(ILogger logger, string name, string region);

    [LoggerMessage(2, LogLevel.Warning, "Secrets whose recovery window is over could not be removed; trying again in an hour")]
    public static partial void PurgeFailed(ILogger logger, Exception failure);
}
