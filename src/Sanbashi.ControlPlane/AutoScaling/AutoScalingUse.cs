using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.AutoScaling;

/// <summary>Which services use which configurations, as read at one time.</summary>
internal sealed class AutoScalingUse
{
    private readonly ILookup<string, Stored<ServiceRecord>> _byArn;

    private AutoScalingUse(IEnumerable<(string Arn, Stored<ServiceRecord> Service)> uses)
    {
        _byArn = uses.Distinct().ToLookup(use => use.Arn, use => use.Service);
    }

    /// <summary>
    /// A service that is being updated uses what it is told to use and what it runs with: it goes back to the latter when the update fails.
    /// </summary>
    public static async Task<AutoScalingUse> Read(ServiceDocuments documents, ResourceScope scope, CancellationToken cancellationToken)
    {
        var uses = new List<(string, Stored<ServiceRecord>)>();
        foreach (var stored in await documents.ListServices(scope, cancellationToken))
        {
            var service = stored.Record;
            if (service.Status == ServiceStatus.Deleted)
            {
                continue;
            }

            uses.Add((service.Definition.AutoScalingConfigurationArn, stored));
            if (service is { OperationId: not null, ActiveRevision: { } active } && await documents.FindRevision(service, active, cancellationToken) is { } revision)
            {
                uses.Add((revision.Record.Definition.AutoScalingConfigurationArn, stored));
            }
        }

        return new AutoScalingUse(uses);
    }

    public bool IsUsed(AutoScalingConfigurationRecord configuration) => _byArn.Contains(configuration.Arn);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Stored<ServiceRecord>> Services(AutoScalingConfigurationRecord configuration) => [.. _byArn[configuration.Arn]];
}
