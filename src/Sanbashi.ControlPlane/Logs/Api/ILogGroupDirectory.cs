using Sanbashi.Domain.Identity;

namespace Sanbashi.ControlPlane.Logs.Api;

/// <summary>Whose logs there are in a name space.</summary>
public interface ILogGroupDirectory
{
    IReadOnlyList<LogOwner> Owners(ResourceScope scope);

    LogOwner? Find(ResourceScope scope, string serviceId);
}

/// <summary>As the store of logs knows them, services that are long deleted included.</summary>
internal sealed class StoredLogGroups(LogStore store) : ILogGroupDirectory
{
    public IReadOnlyList<LogOwner> Owners(ResourceScope scope) => [.. store.Owners.Where(owner => owner.Scope == scope)];

    public LogOwner? Find(ResourceScope scope, string serviceId) => store.Owners.FirstOrDefault(owner => owner.ServiceId == serviceId && owner.Scope == scope);
}
