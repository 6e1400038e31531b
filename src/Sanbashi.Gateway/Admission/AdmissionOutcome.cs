using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Admission;

internal enum AdmissionOutcome
{
    Admitted,

    /// <summary>The service is paused.</summary>
    Paused,

    /// <summary>No instance is healthy.</summary>
    Unavailable,

    /// <summary>As many requests wait as may.</summary>
    QueueFull,

    /// <summary>Capacity did not come in time.</summary>
    QueueTimeout,

    /// <summary>The client went away while it waited.</summary>
    ClientGone,
}

/// <param name="Instance">Where the request may go, counted in; null unless admitted.</param>
internal readonly record struct AdmissionResult(AdmissionOutcome Outcome, Instance? Instance = null);
