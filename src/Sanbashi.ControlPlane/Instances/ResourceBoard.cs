using System.Collections.Frozen;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>
/// The latest sample of every running instance. Safe for concurrent use: a round of samples replaces the one before as a whole. Instances that are frozen or
/// gone have none. While the engine is away the last ones stay, and say how old they are.
/// </summary>
public sealed class ResourceBoard
{
    private volatile FrozenDictionary<string, ResourceSample> _samples = FrozenDictionary<string, ResourceSample>.Empty;

    /// <summary>A service has new samples; told after all of a round are on the board.</summary>
    public event Action<string>? ServiceSampled;

    /// <summary>Null when the instance does not run or was not read yet.</summary>
    public ResourceSample? Of(string instanceId) => _samples.GetValueOrDefault(instanceId);

    /// <param name="samples">By instance.</param>
    /// <param name="services">Whose instances they are.</param>
    public void Replace(IReadOnlyDictionary<string, ResourceSample> samples, IReadOnlyCollection<string> services)
    {
        _samples = samples.ToFrozenDictionary(StringComparer.Ordinal);
        foreach (var service in services)
        {
            ServiceSampled?.Invoke(service);
        }
    }
}
