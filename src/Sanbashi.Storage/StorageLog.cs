using Microsoft.Extensions.Logging;

namespace Sanbashi.Storage;

/// <summary>What the stores log. Event ids 2000 to 2099.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(2000, LogLevel.Information, "{Store}: schema brought from version {From} to {To}")]
    public static partial void SchemaMigrated(this ILogger logger, string store, int from, int to);

    [LoggerMessage(2001, LogLevel.Information, "{Store}: {Owner} holds the lease, number {FencingNumber}")]
    public static partial void LeaseAcquired(this ILogger logger, string store, string owner, long fencingNumber);

    [LoggerMessage(2002, LogLevel.Error, "{Store}: the lease {FencingNumber} of {Owner} is lost: {Reason}")]
    public static partial void LeaseLost(this ILogger logger, string store, string owner, long fencingNumber, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "{Store}: {Attempted} failed and is tried again in {Delay}: {Reason}")]
    public static partial void TryingAgain(this ILogger logger, string store, string attempted, TimeSpan delay, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "{Store}: the connection was lost while a commit was being written; its outcome was read back: committed = {Committed}")]
    public static partial void CommitResolved(this ILogger logger, string store, bool committed);
}
