using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.AccessLogs;

internal interface IAccessLog
{
    /// <summary>Takes down what has just ended. Never waits.</summary>
    /// <param name="serviceId">Whose log it goes to: a service's id or <see cref="GatewayDefaults.UnroutedLog"/>.</param>
    void Write(Exchange exchange, string serviceId, int status);
}
