using System.Globalization;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>An instance's identity as labels, and back.</summary>
internal static class InstanceLabels
{
    public static Dictionary<string, string> Of(Installation installation, InstanceIdentity identity, string role) => new()
    {
        [Labels.Installation] = installation.Id,
        [Labels.Service] = identity.ServiceId,
        [Labels.ServiceName] = identity.ServiceName,
        [Labels.Revision] = identity.Revision.ToString(CultureInfo.InvariantCulture),
        [Labels.Instance] = identity.InstanceId,
        [Labels.Role] = role,
    };

    /// <summary>Null when the labels are not those of an instance.</summary>
    public static InstanceIdentity? Identity(IReadOnlyDictionary<string, string>? labels) =>
        labels is not null
        && labels.TryGetValue(Labels.Instance, out var instance)
        && labels.TryGetValue(Labels.Service, out var service)
        && labels.TryGetValue(Labels.ServiceName, out var name)
        && int.TryParse(labels.GetValueOrDefault(Labels.Revision), NumberStyles.Integer, CultureInfo.InvariantCulture, out var revision)
            ? new InstanceIdentity(instance, service, name, revision)
            : null;
}
