using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.AccessLogs;

internal interface IAccessLog
{
    /// <summary>Takes down what has just ended. Never waits.</summary>
    void Write(Exchange exchange, RoutedService service, int status);
}
