using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Hosting;

internal static partial class ControlPlaneLog
{
    [LoggerMessage(1, LogLevel.Information, "Control plane {Version} answers; the state is in {Store}")]
    public static partial void Started(ILogger logger, string version, string store);

    [LoggerMessage(2, LogLevel.Warning, "The store {Store} is in use by {Holder}; waiting until it ends")]
    public static partial void WaitsForLease(ILogger logger, string store, string holder);
}
