using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>TCP: the port takes a connection. HTTP: the path answers with 200 to 399; redirects are not followed.</summary>
public sealed class HealthProber : IHealthProber, IDisposable
{
    private static readonly ProductInfoHeaderValue _userAgent = new("Sanbashi-HealthCheck", "1.0");

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        // Every probe proves that the instance accepts new connections.
        PooledConnectionLifetime = TimeSpan.Zero,
        MaxResponseHeadersLength = 64,
    });

    public async Task<ProbeResult> Probe(string endpoint, HealthCheck check, InstanceProtocol protocol, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(check.TimeoutSeconds));
        try
        {
            return check.Protocol == HealthCheckProtocol.Http
                ? await ProbeHttp(endpoint, check, protocol, deadline.Token)
                : await ProbeTcp(endpoint, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeResult(false, false, $"no answer from {endpoint} within {check.TimeoutSeconds} s");
        }
        catch (SocketException failure)
        {
            return new ProbeResult(false, false, $"{endpoint} did not take the connection ({Words(failure.SocketErrorCode)})");
        }
        catch (HttpRequestException failure) when (failure.InnerException is SocketException socket)
        {
            return new ProbeResult(false, false, $"{endpoint} did not take the connection ({Words(socket.SocketErrorCode)})");
        }
        catch (HttpRequestException failure)
        {
            return new ProbeResult(false, true, $"{endpoint} took the connection but did not answer as HTTP ({failure.HttpRequestError})");
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<ProbeResult> ProbeTcp(string endpoint, CancellationToken cancellationToken)
    {
        var address = IPEndPoint.Parse(endpoint);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        // A reset instead of a FIN handshake: probes leave no sockets in TIME_WAIT.
        socket.LingerState = new LingerOption(true, 0);
        await socket.ConnectAsync(address, cancellationToken);
        return ProbeResult.Healthy;
    }

    private async Task<ProbeResult> ProbeHttp(string endpoint, HealthCheck check, InstanceProtocol protocol, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{endpoint}{check.Path}");
        request.Headers.UserAgent.Add(_userAgent);
        if (protocol != InstanceProtocol.Http1)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        var status = (int)response.StatusCode;
        return status is >= 200 and < 400
            ? ProbeResult.Healthy
            : new ProbeResult(false, true, $"GET {check.Path} on {endpoint} answered {status}");
    }

    private static string Words(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused: nothing listens there",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "unreachable",
        SocketError.ConnectionReset => "connection reset",
        _ => error.ToString(),
    };
}
