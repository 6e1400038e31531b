using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.AccessLogs;

/// <summary>For a gateway that was given no log folder.</summary>
internal sealed class NoAccessLog : IAccessLog
{
    public void Write(Exchange exchange, string serviceId, int status)
    {
    }
}
