using Microsoft.Extensions.Logging;

namespace Sanbashi.Wire;

/// <summary>The log lines of the wire. Inputs and outputs are never logged: they hold secrets.</summary>
internal static partial class WireLog
{
    [LoggerMessage(1001, LogLevel.Error, "{Service}.{Operation} failed unexpectedly (request {RequestId})")]
    public static partial void HandlerFailed(ILogger logger, string service, string operation, string requestId, Exception exception);

    [LoggerMessage(1002, LogLevel.Error, "{Service}.{Operation} answered what its model does not have (request {RequestId}): {Faults}")]
    public static partial void OutputFaulty(ILogger logger, string service, string operation, string requestId, string faults);

    [LoggerMessage(1003, LogLevel.Debug, "{Service}.{Operation} answered {Code} (request {RequestId}): {Message}")]
    public static partial void Refused(ILogger logger, string service, string operation, string code, string requestId, string message);

    [LoggerMessage(1004, LogLevel.Debug, "{Service}.{Operation} called by {AccessKeyId} in {Region} (request {RequestId})")]
    public static partial void Called(ILogger logger, string service, string operation, string accessKeyId, string region, string requestId);
}
