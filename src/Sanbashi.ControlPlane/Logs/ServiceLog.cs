using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Logs;

/// <summary>Tells the story of services in the store of logs. A log that cannot be written never stops what it is about; the line goes to the process's own log then.</summary>
public sealed class ServiceLog(LogStore store, ILogger<ServiceLog> logger) : IServiceLog
{
    public void Event(ServiceRecord service, string message) => Write(service, message, () => store.AppendEvent(service.Id, message));

    public void Deployment(ServiceRecord service, string operationId, string message) =>
        Write(service, message, () => store.AppendDeployment(service.Id, operationId, message));

    private void Write(ServiceRecord service, string message, Action append)
    {
        try
        {
            store.Register(service.Id, service.Name, service.Scope, service.CreatedAt, service.DeletedAt);
            append();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.EventNotWritten(service.Id, e.Message, message);
        }
    }
}
