using Sanbashi.ControlPlane.AutoScaling;
using Sanbashi.ControlPlane.Extensions;
using Sanbashi.ControlPlane.Identity;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.ControlPlane.Settings;
using Sanbashi.ControlPlane.Tags;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Api;

/// <summary>Everything that the control plane answers.</summary>
public sealed class ControlPlaneApi
{
    private ControlPlaneApi(ControlPlaneApiParts parts)
    {
        var (documents, options, time) = (parts.Documents, parts.Options, parts.TimeProvider);
        var autoScaling = new AutoScalingConfigurations(documents, time);
        var operations = new OperationStarter(documents, autoScaling, options.AllowedHostPaths, parts.Ids, time);
        var answers = new ServiceAnswers(options);
        var lookup = new ServiceLookup(documents, time);
        var tagRules = new TagRules(options.AllowedHostPaths);
        var settings = new SettingsChanges(operations);
        var autoDeployments = new AutoDeployments(parts.Log);
        var creation = new ServiceCreation(documents, autoScaling, operations, answers, tagRules, parts.Quotas, parts.Ids, parts.Reconcilers, autoDeployments, time);
        var changes = new ServiceChanges(documents, lookup, autoScaling, operations, answers, parts.Reconcilers, autoDeployments);

        var appRunner = new ApiService(ServiceModel.LoadEmbedded("apprunner"));
        ServiceApi.Register(appRunner, creation, changes, new ServiceQueries(documents, lookup, answers));
        AutoScalingApi.Register(
            appRunner, new AutoScalingChanges(documents, autoScaling, parts.Quotas, parts.Ids, time), new AutoScalingQueries(documents, autoScaling));
        new TagApi(documents, lookup, autoScaling, settings, tagRules, parts.Reconcilers).Register(appRunner);
        LaterOperations.Register(appRunner);

        var sanbashi = new ApiService(ServiceModel.LoadEmbedded("sanbashi"));
        ExtensionApi.Register(
            sanbashi,
            new SettingsApi(documents, lookup, settings, options.AllowedHostPaths, parts.Reconcilers),
            changes,
            new OperationCancellation(documents, lookup, parts.Reconcilers, time),
            new RevisionQueries(documents, lookup, parts.Instances),
            new PlatformQueries(documents, options, parts.Engine, parts.Gateways, time),
            new ImageQueries(parts.Engine));

        var sts = new ApiService(ServiceModel.LoadEmbedded("sts"));
        CallerIdentity.Register(sts);
        Services = [appRunner, sanbashi, sts];
    }

    /// <summary>For the wire to serve.</summary>
    public IReadOnlyList<ApiService> Services { get; }

    public static ControlPlaneApi Create(ControlPlaneApiParts parts) => new(parts);
}
