using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;
using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.Hosting;

/// <summary>
/// What the server calls for each request, without a middleware pipeline in between. The exchange object stays with the server's connection or
/// stream and is used for all of its requests.
/// </summary>
internal sealed class GatewayApplication(ExchangeHandler handler, TimeProvider timeProvider, TimeSpan streamEndGrace) : IHttpApplication<Exchange>
{
    public Exchange CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<Exchange> container)
        {
            return Begin(new Exchange(timeProvider, streamEndGrace), contextFeatures);
        }

        return Begin(container.HostContext ??= new Exchange(timeProvider, streamEndGrace), contextFeatures);
    }

    public Task ProcessRequestAsync(Exchange context) => handler.Handle(context);

    public void DisposeContext(Exchange context, Exception? exception) => context.Finish();

    private static Exchange Begin(Exchange exchange, IFeatureCollection features)
    {
        exchange.Begin(features);
        return exchange;
    }
}
