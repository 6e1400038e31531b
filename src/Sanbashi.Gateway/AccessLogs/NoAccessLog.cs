using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.AccessLogs;

/// <summary>For a gateway that was given no log folder.</summary>
internal sealed class NoAccessLog : IAccessLog
{
    public void Write(Exchange exchange, RoutedService service, int status)
    {
    }
}
