using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Routing;
using Sanbashi.Gateway.Streams;
using Sanbashi.Gateway.WebSockets;
using Yarp.ReverseProxy.Forwarder;

namespace Sanbashi.Gateway.Forwarding;

/// <summary>Forwards by YARP's direct forwarder, and reads from what it reports whether and how the exchange failed.</summary>
internal sealed class YarpForwarder(IHttpForwarder forwarder, BackendClients clients, ForwardedHeaders forwardedHeaders) : IExchangeForwarder
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ForwardResult> Forward(Exchange exchange, Instance instance, ServiceView view)
    {
        var context = exchange.Context;
        var tunnel = TunnelFeature.InstallFor(exchange, view.LongestSilence);
        if (exchange.IsGrpc)
        {
            exchange.WatchSilence(view.LongestSilence);
            context.Request.Body = new TouchingStream(context.Request.Body, exchange);
        }
        else
        {
            exchange.SetDeadline(view.RequestTime);
        }

        exchange.Transformer ??= new ExchangeTransformer(exchange, forwardedHeaders);
        exchange.Transformer.LongestSilence = view.LongestSilence;
        var (client, config) = clients.For(instance.Protocol);
        var error = await forwarder.SendAsync(context, instance.Origin, client, config, exchange.Transformer, exchange.Cancellation).ConfigureAwait(false);
        if (error != ForwarderError.None && tunnel is not null && LacksExtendedConnect(context))
        {
            // The instance speaks HTTP/2 but takes no WebSockets over it; HTTP/1.1 on the same port is the usual other way.
            context.Response.Clear();
            (client, config) = clients.For(InstanceProtocol.Http1);
            error = await forwarder.SendAsync(context, instance.Origin, client, config, exchange.Transformer, exchange.Cancellation).ConfigureAwait(false);
        }

        if (tunnel?.Tunnel is { } open)
        {
            await open.Finish().ConfigureAwait(false);

            // However an upgraded connection ends, it was a conversation and not an answer that broke off.
            return new ForwardResult(ForwardOutcome.Completed);
        }

        return error == ForwarderError.None ? new ForwardResult(ForwardOutcome.Completed) : Explain(exchange, context, error);
    }

    private static ForwardResult Explain(Exchange exchange, HttpContext context, ForwarderError error)
    {
        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (context.RequestAborted.IsCancellationRequested && exchange.EndReason == EndReason.None)
        {
            return new ForwardResult(ForwardOutcome.ClientGone, cause);
        }

        if (context.Response.HasStarted)
        {
            return new ForwardResult(ForwardOutcome.CutOff, cause);
        }

        if (exchange.EndReason != EndReason.None)
        {
            return new ForwardResult(ForwardOutcome.Ended, cause);
        }

        var outcome = error switch
        {
            ForwarderError.Request when cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => ForwardOutcome.Unreachable,

            // Our own clocks have not run out and the forwarder's never does, so only the connect time-out is left.
            ForwarderError.RequestTimedOut => ForwardOutcome.ConnectTimeout,
            ForwarderError.Request or ForwarderError.RequestBodyDestination or ForwarderError.ResponseBodyDestination => ForwardOutcome.Broken,
            ForwarderError.RequestCreation => ForwardOutcome.InvalidHeader,
            ForwarderError.RequestBodyClient => ForwardOutcome.InvalidRequest,
            ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled => ForwardOutcome.ClientGone,
            _ => ForwardOutcome.InvalidAnswer,
        };
        return new ForwardResult(outcome, cause);
    }

    private static bool LacksExtendedConnect(HttpContext context) =>
        !context.Response.HasStarted
        && context.Features.Get<IForwarderErrorFeature>()?.Exception is HttpRequestException exception
        && exception.Data.Contains("SETTINGS_ENABLE_CONNECT_PROTOCOL");
}
