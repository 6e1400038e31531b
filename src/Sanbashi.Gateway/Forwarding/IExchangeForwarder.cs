using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Forwarding;

/// <summary>Carries one exchange to one instance and its answer back. The seam behind which the backend client can be replaced.</summary>
internal interface IExchangeForwarder
{
    ValueTask<ForwardResult> Forward(Exchange exchange, Instance instance, ServiceView view);
}
