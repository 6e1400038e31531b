using Sanbashi.ControlPlane.AutoScaling;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.ControlPlane.Tags;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Api;

/// <summary>Everything that the control plane answers.</summary>
public sealed class ControlPlaneApi
{
    private ControlPlaneApi(IReadOnlyList<ApiService> services)
    {
        Services = services;
    }

    /// <summary>For the wire to serve.</summary>
    public IReadOnlyList<ApiService> Services { get; }

    public static ControlPlaneApi Create(ControlPlaneApiParts parts) => new([AppRunner(parts)]);

    private static ApiService AppRunner(ControlPlaneApiParts parts)
    {
        var api = new ApiService(ServiceModel.LoadEmbedded("apprunner"));
        var autoScaling = new AutoScalingConfigurations(parts.Documents, parts.TimeProvider);
        var operations = new OperationStarter(parts.Documents, autoScaling, parts.Ids, parts.TimeProvider);
        var answers = new ServiceAnswers(parts.Options);
        var lookup = new ServiceLookup(parts.Documents, parts.TimeProvider);
        var tagRules = new TagRules(parts.Options.AllowedHostPaths);
        ServiceApi.Register(
            api,
            new ServiceCreation(parts.Documents, autoScaling, operations, answers, tagRules, parts.Quotas, parts.Ids, parts.Reconcilers, parts.TimeProvider),
            new ServiceChanges(parts.Documents, lookup, autoScaling, operations, answers, parts.Reconcilers),
            new ServiceQueries(parts.Documents, lookup, answers));
        return api;
    }
}
