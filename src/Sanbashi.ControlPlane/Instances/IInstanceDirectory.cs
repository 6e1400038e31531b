using Sanbashi.Domain.Instances;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>The instances of services as the reconcilers last saw them.</summary>
public interface IInstanceDirectory
{
    /// <summary>Empty for a service without instances, or one that is not known.</summary>
    IReadOnlyList<ObservedInstance> Seen(string serviceId);
}
