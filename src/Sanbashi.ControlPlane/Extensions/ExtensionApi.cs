using Sanbashi.ControlPlane.Exec;
using Sanbashi.ControlPlane.Secrets.Encryption;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.ControlPlane.Settings;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Extensions;

/// <summary>The operations of the model <c>Sanbashi</c>: what App Runner has no words for.</summary>
internal static class ExtensionApi
{
    public static void Register(
        ApiService api,
        SettingsApi settings,
        ServiceChanges changes,
        OperationCancellation cancellation,
        RevisionQueries revisions,
        CommandExecution commands,
        ImageQueries images,
        ServiceLogQueries logs,
        LiveMetricsQueries liveMetrics,
        PlatformQueries platform,
        SecretKeyRotation secretKeys)
    {
        settings.Register(api);
        api
            .Handle("PromoteService", changes.Promote)
            .Handle("RollbackService", changes.Rollback)
            .Handle("CancelOperation", cancellation.Cancel)
            .Handle("ListRevisions", revisions.ListRevisions)
            .Handle("DescribeInstances", revisions.DescribeInstances)
            .Handle("ExecuteCommand", commands.Execute)
            .Handle("DescribeImage", images.Describe)
            .Handle("GetServiceLogs", logs.Get)
            .Handle("GetLiveMetrics", liveMetrics.Get)
            .Handle("DescribePlatform", platform.Describe)
            .Handle("RotateSecretsKey", secretKeys.Rotate);
    }
}
