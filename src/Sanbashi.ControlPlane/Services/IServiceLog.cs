using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Services;

/// <summary>Where the story of a service is told: its event log, and one log per deployment.</summary>
public interface IServiceLog
{
    /// <summary>A line of the service's event log.</summary>
    void Event(ServiceRecord service, string message);

    /// <summary>A line of the operation's deployment log.</summary>
    void Deployment(ServiceRecord service, string operationId, string message);
}
