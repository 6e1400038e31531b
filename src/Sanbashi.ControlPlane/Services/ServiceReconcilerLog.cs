using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Services;

internal static partial class ServiceReconcilerLog
{
    [LoggerMessage(1001, LogLevel.Error, "Reconciling service {ServiceId} failed unexpectedly; trying again")]
    public static partial void Failed(ILogger logger, Exception failure, string serviceId);

    [LoggerMessage(1002, LogLevel.Warning, "The engine did not answer while service {ServiceId} was acted on ({Action}): {Reason}. Trying again")]
    public static partial void EngineUnreachable(ILogger logger, string serviceId, string action, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "The engine refused {Action} of service {ServiceId}: {Reason}")]
    public static partial void EngineRefused(ILogger logger, string action, string serviceId, string reason);

    [LoggerMessage(1004, LogLevel.Error, "{Action} of service {ServiceId} failed unexpectedly; trying again")]
    public static partial void ActionFailed(ILogger logger, Exception failure, string action, string serviceId);

    [LoggerMessage(1005, LogLevel.Warning, "Instance {InstanceId} of service {ServiceId} is not in the store; it is left alone")]
    public static partial void UnknownService(ILogger logger, string instanceId, string serviceId);

    [LoggerMessage(1006, LogLevel.Critical, "Another control plane has taken over this store; this one ends")]
    public static partial void LeaseLost(ILogger logger);

    [LoggerMessage(1007, LogLevel.Warning, "Instance {InstanceId} could not be looked at after a call that ended badly: {Reason}. Trying again")]
    public static partial void LookFailed(ILogger logger, string instanceId, string reason);

    [LoggerMessage(1008, LogLevel.Information, "Instance {InstanceId} of service {ServiceId} was left half made by an attempt that was cut off; it is removed and, if it is still wanted, made anew")]
    public static partial void Incomplete(ILogger logger, string instanceId, string serviceId);
}
