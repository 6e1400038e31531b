namespace Sanbashi.Gateway.Exchanges;

/// <summary>The reasons as people and logs read them. At most 123 bytes, the room of a WebSocket close frame.</summary>
internal static class EndReasons
{
    public static string Text(EndReason reason) => reason switch
    {
        EndReason.TimedOut => "request time is over",
        EndReason.Idle => "nothing was sent for the idle time",
        EndReason.Drained => "the instance is being replaced",
        EndReason.Stopping => "the gateway is stopping",
        _ => "",
    };
}
