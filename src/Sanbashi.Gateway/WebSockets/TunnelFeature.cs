using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.WebSockets;

/// <summary>Stands before the server's own upgrade features so that the stream the forwarder copies to and from is a <see cref="WebSocketTunnel"/>.</summary>
internal sealed class TunnelFeature : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    private readonly Exchange _exchange;
    private readonly long _longestSilence;
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;

    private TunnelFeature(Exchange exchange, long longestSilence, IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect)
    {
        _exchange = exchange;
        _longestSilence = longestSilence;
        _upgrade = upgrade;
        _connect = connect;
    }

    /// <summary>The tunnel, once the instance has agreed to the upgrade.</summary>
    public WebSocketTunnel? Tunnel { get; private set; }

    public bool IsUpgradableRequest => _upgrade?.IsUpgradableRequest == true;

    public bool IsExtendedConnect => _connect?.IsExtendedConnect == true;

    public string? Protocol => _connect?.Protocol;

    /// <summary>Null in the usual case of a request that wants no upgrade.</summary>
    public static TunnelFeature? InstallFor(Exchange exchange, long longestSilence)
    {
        var features = exchange.Context.Features;
        var request = exchange.Context.Request;
        if (request.Headers.Upgrade.Count > 0 && features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            // A second attempt of the same request finds the first one's.
            if (upgrade is TunnelFeature installed)
            {
                return installed;
            }

            var feature = new TunnelFeature(exchange, longestSilence, upgrade, null);
            features.Set<IHttpUpgradeFeature>(feature);
            return feature;
        }

        if (HttpMethods.IsConnect(request.Method) && features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            if (connect is TunnelFeature installed)
            {
                return installed;
            }

            var feature = new TunnelFeature(exchange, longestSilence, null, connect);
            features.Set<IHttpExtendedConnectFeature>(feature);
            return feature;
        }

        return null;
    }

    public async Task<Stream> UpgradeAsync() => Begin(await _upgrade!.UpgradeAsync().ConfigureAwait(false));

    public async ValueTask<Stream> AcceptAsync() => Begin(await _connect!.AcceptAsync().ConfigureAwait(false));

    private WebSocketTunnel Begin(Stream client)
    {
        Tunnel = new WebSocketTunnel(client, _exchange);
        _exchange.IsUpgraded = true;
        _exchange.BecomeStream(Tunnel, _longestSilence);
        return Tunnel;
    }
}
