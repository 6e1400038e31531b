using System.Collections.Concurrent;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.Domain.Instances;

namespace Sanbashi.ControlPlane.Tests.Api;

internal sealed class FakeInstances : IInstanceDirectory
{
    public ConcurrentDictionary<string, IReadOnlyList<ObservedInstance>> ByService { get; } = [];

    public IReadOnlyList<ObservedInstance> Seen(string serviceId) => ByService.GetValueOrDefault(serviceId, []);
}
