using System.Collections.Concurrent;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Api;

internal sealed class RecordingLog : IServiceLog
{
    private readonly ConcurrentQueue<(string ServiceId, string Message)> _events = [];

    public IEnumerable<string> Events(string serviceId) => _events.Where(line => line.ServiceId == serviceId).Select(line => line.Message);

    public void Event(ServiceRecord service, string message) => _events.Enqueue((service.Id, message));

    public void Deployment(ServiceRecord service, string operationId, string message)
    {
    }
}
