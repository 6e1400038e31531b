namespace Sanbashi.Gateway.Exchanges;

/// <summary>Why the gateway itself ends an exchange.</summary>
internal enum EndReason
{
    None,

    /// <summary>The service's request time is over.</summary>
    TimedOut,

    /// <summary>A stream was silent for the service's idle time.</summary>
    Idle,

    /// <summary>The instance is being replaced and its drain time is over.</summary>
    Drained,

    /// <summary>The gateway process stops and its drain time is over.</summary>
    Stopping,
}
