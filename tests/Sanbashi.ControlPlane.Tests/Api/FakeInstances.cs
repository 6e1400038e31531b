using System.Collections.Concurrent;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.Domain.Instances;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Api;

internal sealed class FakeInstances : IInstanceDirectory
{
    public ConcurrentDictionary<string, IReadOnlyList<ObservedInstance>> ByService { get; } = [];

    public IReadOnlyList<ObservedInstance> Seen(string serviceId) => ByService.GetValueOrDefault(serviceId, []);

    public Dictionary<string, IReadOnlyList<EngineContainer>> ContainersByInstance { get; } = [];

    public InstanceUse Uses { get; } = new();

    public Action OnUnused { get; set; } = () => { };

    public IDisposable Use(string serviceId, string instanceId) => Uses.Begin(instanceId, OnUnused);

    public IReadOnlyList<EngineContainer> Containers(string serviceId, string instanceId) => ContainersByInstance.GetValueOrDefault(instanceId) ?? [];
}
