using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Services;
namespace Sanbashi.ControlPlane.Hosting;
#pragma warning disable CA1848, CA2254
internal sealed class NoLogYet(ILogger logger) : IServiceLog, IInstanceLogs
{
    public void Event(ServiceRecord service, string message) => logger.LogInformation("{Name}: {Message}", service.Name, message);
    public void Deployment(ServiceRecord service, string operationId, string message) => logger.LogInformation("{Name} {Op}: {Message}", service.Name, operationId[..6], message);
    public void Follow(string instanceId, string serviceId, IReadOnlyList<string> containers) { }
    public Task Finish(string instanceId, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task<IReadOnlyList<string>> LastLines(string serviceId, string instanceId, int count, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);
}
