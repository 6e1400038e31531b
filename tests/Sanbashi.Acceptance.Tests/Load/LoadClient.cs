using System.Net;
using System.Net.WebSockets;

namespace Sanbashi.Acceptance.Tests.Load;

/// <summary>One client that repeats its exchange on its own connection.</summary>
internal abstract class LoadClient(string kind, LoadReport report)
{
    /// <summary>After a failure, so that a service that is away is not counted a thousand times.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(50);

    protected string Kind { get; } = kind;

    protected LoadReport Report { get; } = report;

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Exchange(stop);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or WebSocketException or OperationCanceledException or InvalidOperationException)
            {
                Report.Failed(Kind, failure);
                await Task.Delay(PauseAfterFailure, CancellationToken.None);
            }
        }

        Close();
    }

    /// <summary>One request, or one session that lasts until it ends or until told to stop.</summary>
    protected abstract Task Exchange(CancellationToken stop);

    protected virtual void Close()
    {
    }

    /// <summary>A client with one connection.</summary>
    protected static HttpClient NewConnection() =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseCookies = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Counts anything but 200 as a failure.</summary>
    protected bool IsExpected(HttpResponseMessage response, string body)
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return true;
        }

        Report.Failed(Kind, $"status {(int)response.StatusCode}: {(body.Length > 200 ? body[..200] : body)}");
        return false;
    }

    protected static string? Version(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-App-Version", out var values) ? values.First() : null;
}
