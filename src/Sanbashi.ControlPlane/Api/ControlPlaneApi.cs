using Microsoft.AspNetCore.Routing;
using Sanbashi.ControlPlane.AutoScaling;
using Sanbashi.ControlPlane.Builds;
using Sanbashi.ControlPlane.Exec;
using Sanbashi.ControlPlane.Extensions;
using Sanbashi.ControlPlane.Metrics;
using Sanbashi.ControlPlane.Metrics.CloudWatch;
using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Networks.Connectors;
using Sanbashi.ControlPlane.Networks.Ingress;
using Sanbashi.ControlPlane.Secrets.Redeployments;
using Sanbashi.ControlPlane.Secrets.Rotation;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.ControlPlane.Settings;
using Sanbashi.ControlPlane.StatusPage;
using Sanbashi.ControlPlane.Tags;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Api;

/// <summary>Everything that the control plane answers.</summary>
public sealed class ControlPlaneApi : IDisposable
{
    private readonly InstrumentTotals _instruments = new();
    private readonly StatusPageEndpoint _statusPage;
    private readonly MetricsEndpoint _metrics;
    private readonly BuildEndpoint _builds;
    private readonly ExecEndpoint _exec;

    private ControlPlaneApi(ControlPlaneApiParts parts)
    {
        var (documents, options, time) = (parts.Documents, parts.Options, parts.TimeProvider);
        var autoScaling = new AutoScalingConfigurations(documents, time);
        var operations = new OperationStarter(documents, autoScaling, parts.Secrets.ForServices, new VpcConnectors(parts.Networks.Directory), options.AllowedHostPaths, parts.Ids, time);
        var answers = new ServiceAnswers(options);
        var lookup = new ServiceLookup(documents, time);
        var tagRules = new TagRules(options.AllowedHostPaths);
        var claims = new HostClaims(documents, options.Domain);
        var settings = new SettingsChanges(operations, claims);
        var autoDeployments = new AutoDeployments(parts.Log);
        var creation = new ServiceCreation(documents, autoScaling, operations, claims, answers, tagRules, parts.Identity.Roles, parts.Quotas, parts.Ids, parts.Reconcilers, autoDeployments, time);
        var changes = new ServiceChanges(documents, lookup, autoScaling, new VpcIngresses(parts.Networks.Directory), operations, answers, parts.Identity.Roles, parts.Reconcilers, autoDeployments);

        var appRunner = new ApiService(ServiceModel.LoadEmbedded("apprunner"));
        ServiceApi.Register(appRunner, creation, changes, new ServiceQueries(documents, lookup, answers));
        AutoScalingApi.Register(
            appRunner, new AutoScalingChanges(documents, autoScaling, parts.Quotas, parts.Ids, time), new AutoScalingQueries(documents, autoScaling));
        new VpcConnectorApi(parts.Networks.Directory, documents, parts.Quotas, parts.Ids).Register(appRunner);
        new VpcIngressApi(parts.Networks.Directory, lookup, parts.Quotas, parts.Ids, options.Domain).Register(appRunner);
        new TagApi(documents, lookup, autoScaling, parts.Networks.Directory, settings, tagRules, parts.Reconcilers).Register(appRunner);
        LaterOperations.Register(appRunner);

        var execSessions = new ExecSessions(time);
        var sanbashi = new ApiService(ServiceModel.LoadEmbedded("sanbashi"));
        ExtensionApi.Register(
            sanbashi,
            new SettingsApi(documents, lookup, settings, options.AllowedHostPaths, parts.Reconcilers),
            changes,
            new OperationCancellation(documents, lookup, parts.Reconcilers, time),
            new RevisionQueries(documents, lookup, parts.Instances),
            new CommandExecution(lookup, parts.Instances, parts.Engine, execSessions, options),
            new ImageQueries(parts.Engine),
            new ServiceLogQueries(lookup, parts.LogStore),
            new LiveMetricsQueries(documents, lookup, parts.Instances, parts.Live, parts.Resources, time),
            new PlatformQueries(documents, options, parts.Engine, parts.Gateways, time),
            parts.Secrets.KeyRotation);

        SecretRedeployments = new SecretRedeployments(documents, parts.Secrets.ForServices, operations, parts.Reconcilers, parts.Log, time);
        SecretRotations = parts.Secrets.Rotations(documents, parts.Log);
        Services = [appRunner, sanbashi, .. parts.Identity.Services, .. parts.Networks.Services, CloudWatchApi.Create(documents, new MetricDocuments(documents.Store), time)];

        _statusPage = new StatusPageEndpoint(documents, parts.Instances, parts.Live, options);
        _metrics = new MetricsEndpoint(new PlatformMetrics(documents, parts.Instances, parts.Gateways, _instruments, options));
        _builds = new BuildEndpoint(parts.Engine, parts.Identity, new BuildQueue(), time);
        _exec = new ExecEndpoint(execSessions, parts.Instances, parts.Engine, parts.Log, time);
    }

    /// <summary>What follows when secrets of services change.</summary>
    internal SecretRedeployments SecretRedeployments { get; }

    internal RotationRunner SecretRotations { get; }

    /// <summary>For the wire to serve.</summary>
    public IReadOnlyList<ApiService> Services { get; }

    /// <summary>From here on the instruments of this process are summed for <c>/metrics</c>.</summary>
    public static ControlPlaneApi Create(ControlPlaneApiParts parts) => new(parts);

    /// <summary>What is answered besides the wire: the status page, metrics, image builds and the streams of commands. The host must check host names and accept WebSockets.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        _statusPage.Map(endpoints);
        _metrics.Map(endpoints);
        _builds.Map(endpoints);
        _exec.Map(endpoints);
    }

    public void Dispose() => _instruments.Dispose();
}
