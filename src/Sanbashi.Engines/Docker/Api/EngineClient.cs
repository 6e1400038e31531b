using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>
/// Speaks HTTP with the engine: version negotiation, time-outs, bounds and metrics of every call. At most 32 quick and 64 long calls are under way at a time;
/// streams are bounded by what is streamed (one per container's log, one of events).
/// </summary>
internal sealed class EngineClient : IDisposable
{
    private const int QuickCalls = 32;
    private const int LongCalls = 64;

    /// <summary>An error text longer than this is cut; the engine's own are a few hundred characters.</summary>
    private const int ErrorTextBytes = 64 * 1024;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _quick = new(QuickCalls);
    private readonly SemaphoreSlim _long = new(LongCalls);
    private readonly SingleFlight<ApiVersion> _version;

    public EngineClient(EngineAddress address, TimeProvider time)
    {
        Address = address;
        _time = time;
        _version = new SingleFlight<ApiVersion>(Negotiate);
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => new NetworkStream(await address.Connect(cancellationToken).ConfigureAwait(false), ownsSocket: true),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        })
        {
            BaseAddress = new Uri("http://engine/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public EngineAddress Address { get; }

    /// <summary>The version spoken, found out at the first call.</summary>
    public Task<ApiVersion> Version(CancellationToken cancellationToken) => _version.Get(cancellationToken);

    /// <summary>The engine may be another one after a reconnection.</summary>
    public void ForgetVersion() => _version.Forget();

    public Task<HttpStatusCode> Do(EngineCall call, CancellationToken cancellationToken) =>
        InLane(call, static (response, _) => Task.FromResult(response.StatusCode), cancellationToken);

    public Task<T> Read<T>(EngineCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        InLane(
            call,
            async (response, token) =>
            {
                await using var body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
                return await JsonSerializer.DeserializeAsync(body, type, token).ConfigureAwait(false)
                    ?? throw new EngineApiException(call.Operation, response.StatusCode, "the engine answered null");
            },
            cancellationToken);

    /// <summary>Null when the engine says 404.</summary>
    public async Task<T?> Find<T>(EngineCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await Read(call, type, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineApiException failure) when (failure.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Opens an answer that goes on; the time-out covers only its beginning.</summary>
    public async Task<EngineStream> Open(EngineCall call, CancellationToken cancellationToken)
    {
        var response = await Timed(call, SendAndCheck, cancellationToken).ConfigureAwait(false);
        try
        {
            return new EngineStream(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _quick.Dispose();
        _long.Dispose();
    }

    private async Task<T> InLane<T>(EngineCall call, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var lane = call.IsLong ? _long : _quick;
        await lane.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Timed(
                call,
                async (request, token) =>
                {
                    using var response = await SendAndCheck(request, token).ConfigureAwait(false);
                    return await read(response, token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lane.Release();
        }
    }

    private async Task<T> Timed<T>(EngineCall call, Func<EngineCall, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var outcome = "ok";
        using var timeout = new CancellationTokenSource(call.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await run(call, linked.Token).ConfigureAwait(false);
        }
        catch (EngineApiException)
        {
            outcome = "refused";
            throw;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            outcome = "timeout";
            throw EngineFailures.TimedOut(Address, call);
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            outcome = "unreachable";
            throw EngineFailures.Unreachable(Address, call.Operation, failure);
        }
        catch (EngineException)
        {
            outcome = "unreachable";
            throw;
        }
        finally
        {
            EngineMetrics.Called(call.Operation, outcome, _time.GetElapsedTime(started));
        }
    }

    private async Task<HttpResponseMessage> SendAndCheck(EngineCall call, CancellationToken cancellationToken)
    {
        var version = await _version.Get(cancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(call.Method, $"/v{version}{call.Path}") { Content = call.Body };
        if (call.RegistryAuth is { } auth)
        {
            request.Headers.TryAddWithoutValidation("X-Registry-Auth", auth);
        }

        if (call.RegistryConfig is { } config)
        {
            request.Headers.TryAddWithoutValidation("X-Registry-Config", config);
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.SwitchingProtocols || call.Tolerates.Contains(response.StatusCode))
        {
            return response;
        }

        using (response)
        {
            throw new EngineApiException(call.Operation, response.StatusCode, await ErrorText(response, cancellationToken).ConfigureAwait(false));
        }
    }

    private static async Task<string> ErrorText(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[ErrorTextBytes];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return EngineFailures.TextOf(buffer.AsSpan(0, length), response.StatusCode);
    }

    private async Task<ApiVersion> Negotiate()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10), _time);
        try
        {
            using var response = await _http.GetAsync("/_ping", timeout.Token).ConfigureAwait(false);
            var offered = response.Headers.TryGetValues("Api-Version", out var values) ? values.FirstOrDefault() : null;
            return ApiVersion.TryParse(offered, out var newest) && ApiVersion.Negotiate(newest) is { } version
                ? version
                : throw EngineFailures.TooOld(Address, offered);
        }
        catch (OperationCanceledException failure)
        {
            throw new EngineException(EngineFailure.Unreachable, $"The engine at {Address} accepted a connection but did not answer within 10 s. See its log.", failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            throw EngineFailures.Unreachable(Address, "ping", failure);
        }
    }
}
