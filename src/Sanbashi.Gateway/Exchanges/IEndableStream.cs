namespace Sanbashi.Gateway.Exchanges;

/// <summary>A long-lived answer that can be ended properly instead of being cut.</summary>
internal interface IEndableStream
{
    /// <summary>Begins the end; does not wait for it. The exchange is cut if it is not over after the grace time.</summary>
    void BeginEnd(EndReason reason);
}
