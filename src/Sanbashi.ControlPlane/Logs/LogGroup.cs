namespace Sanbashi.ControlPlane.Logs;

/// <summary>What a service's logs are grouped by; each has a retention of its own.</summary>
public enum LogGroup
{
    /// <summary>What the platform says: the stream <c>events</c>, and <c>deployment/ID</c> per operation.</summary>
    Service,

    /// <summary>What the containers write: a stream <c>instance/ID</c> per instance.</summary>
    Application,

    /// <summary>One line of JSON per request, written by the gateways: the stream <c>access</c>.</summary>
    Access,
}
