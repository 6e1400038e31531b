using Microsoft.AspNetCore.Http;

namespace Sanbashi.Gateway.Exchanges;

/// <summary>
/// Whether a request asks for a connection that stays open: a WebSocket, or an event stream as browsers ask for one. Who gets an event stream without having
/// asked for it is counted from its answer on.
/// </summary>
internal static class StreamRequest
{
    public static bool Is(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method) || AcceptsEventStream(request);

    private static bool AcceptsEventStream(HttpRequest request)
    {
        foreach (var value in request.Headers.Accept)
        {
            if (value?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }
}
