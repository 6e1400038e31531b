using Sanbashi.ControlPlane.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Logs.Api;

/// <summary>Finds the group that a call means, by <c>logGroupName</c> or <c>logGroupIdentifier</c> (a name or an ARN).</summary>
internal sealed class LogGroupLookup(LogStore store, ILogGroupDirectory directory)
{
    public IEnumerable<(LogGroupName Name, LogOwner Owner)> All(ApiCall call) => directory.Owners(call.Scope())
        .SelectMany(owner => Enum.GetValues<LogGroup>()
            .Where(group => store.GroupExists(owner.ServiceId, group))
            .Select(group => (new LogGroupName(owner.Name, owner.ServiceId, group), owner)));

    public LogGroupName Find(ApiCall call)
    {
        var name = call.Input.Text("logGroupName");
        var identifier = call.Input.Text("logGroupIdentifier");
        return (name, identifier) switch
        {
            (not null, not null) => throw LogErrors.InvalidParameter("LogGroup name and LogGroup ARN are mutually exclusive parameters."),
            (null, null) => throw LogErrors.InvalidParameter("Either logGroupName or logGroupIdentifier must be given."),
            _ => Find(call, NameOf(call, name ?? identifier!)),
        };
    }

    /// <summary>The name in an ARN of the caller's name space; anything else is a name already.</summary>
    public static string NameOf(ApiCall call, string identifier)
    {
        var prefix = LogGroupName.ArnPrefix(call.Scope());
        var name = identifier.StartsWith(prefix, StringComparison.Ordinal) ? identifier[prefix.Length..] : identifier;
        return name.EndsWith(":*", StringComparison.Ordinal) ? name[..^2] : name;
    }

    private LogGroupName Find(ApiCall call, string text)
    {
        if (LogGroupName.TryParse(text) is not { } name
            || directory.Find(call.Scope(), name.ServiceId) is not { } owner
            || owner.Name != name.ServiceName
            || !store.GroupExists(name.ServiceId, name.Group))
        {
            throw LogErrors.NoGroup();
        }

        return name;
    }
}
