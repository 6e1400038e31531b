using Sanbashi.Domain.Instances;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>The instances of services as the reconcilers last saw them.</summary>
public interface IInstanceDirectory
{
    /// <summary>Empty for a service without instances, or one that is not known.</summary>
    IReadOnlyList<ObservedInstance> Seen(string serviceId);

    /// <summary>The containers of one of them, main first; empty while the engine has not shown them.</summary>
    IReadOnlyList<EngineContainer> Containers(string serviceId, string instanceId);

    /// <summary>A command runs in the instance until the answer is disposed: it is not frozen for a rollback before.</summary>
    IDisposable Use(string serviceId, string instanceId);
}
