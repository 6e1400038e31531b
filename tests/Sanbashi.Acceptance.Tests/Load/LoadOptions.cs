namespace Sanbashi.Acceptance.Tests.Load;

/// <summary>How many clients of each kind run at once.</summary>
internal sealed record LoadOptions
{
    /// <summary>Clients that send one request after another on one connection.</summary>
    public int KeepAliveClients { get; init; } = 4;

    /// <summary>Clients whose requests take a while in the application.</summary>
    public int SlowClients { get; init; } = 2;

    /// <summary>Clients that send a body in pieces over about a second.</summary>
    public int UploadClients { get; init; } = 2;

    public int EventStreamClients { get; init; } = 2;

    public int WebSocketClients { get; init; } = 2;

    /// <summary>Between two requests of a keep-alive client: the load is constant, not as much as goes.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(5);
}
