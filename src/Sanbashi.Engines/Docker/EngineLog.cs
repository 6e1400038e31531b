using Microsoft.Extensions.Logging;

namespace Sanbashi.Engines.Docker;

/// <summary>Messages of the engine client, event ids 4100 to 4199.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(4100, LogLevel.Information, "Connected to {Name} {Version} at {Socket}, API {Api}")]
    public static partial void Connected(ILogger logger, string name, string version, string socket, string api);

    [LoggerMessage(4101, LogLevel.Debug, "Network {Network} is ready; instances are reached by {Way}")]
    public static partial void NetworkReady(ILogger logger, string network, string way);

    [LoggerMessage(4102, LogLevel.Warning, "Firewall rules for instances are not complete: {Reason}. Meanwhile {Consequence}")]
    public static partial void FirewallMissing(ILogger logger, string reason, string consequence);

    [LoggerMessage(4103, LogLevel.Warning, "The firewall table {Table} could not be removed: {Reason}")]
    public static partial void FirewallNotRemoved(ILogger logger, string table, string reason);

    [LoggerMessage(4104, LogLevel.Warning, "The engine has no init program for containers ({Reason}); programs that ignore SIGTERM will be killed when their stop time-out ends. Podman: install catatonit")]
    public static partial void NoInit(ILogger logger, string reason);

    [LoggerMessage(4105, LogLevel.Warning, "The engine is away: {Reason}. Next attempt in {Delay}")]
    public static partial void EventsLost(ILogger logger, string reason, TimeSpan delay);

    [LoggerMessage(4106, LogLevel.Warning, "The network of instances could not be prepared: {Reason}")]
    public static partial void NetworkNotReady(ILogger logger, string reason);

    [LoggerMessage(4107, LogLevel.Debug, "Container {Container} of instance {Instance} was half removed; waiting for the engine to finish")]
    public static partial void RemovalUnderWay(ILogger logger, string container, string instance);

    [LoggerMessage(4109, LogLevel.Information, "The network {Network} is wanted no more and was removed")]
    public static partial void VpcNetworkRemoved(ILogger logger, string network);

    [LoggerMessage(4110, LogLevel.Debug, "The network {Network} is wanted no more, but still in use: {Reason}")]
    public static partial void VpcNetworkKept(ILogger logger, string network, string reason);

    [LoggerMessage(4108, LogLevel.Warning, "Credentials for {Registry} could not be read: {Reason}. Going on without")]
    public static partial void CredentialsUnreadable(ILogger logger, string registry, string reason);
}
