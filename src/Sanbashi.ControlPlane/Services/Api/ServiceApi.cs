using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>The operations on services.</summary>
internal static class ServiceApi
{
    public static void Register(ApiService api, ServiceCreation creation, ServiceChanges changes, ServiceQueries queries) => api
        .Handle("CreateService", creation.Create)
        .Handle("DescribeService", queries.Describe)
        .Handle("ListServices", queries.List)
        .Handle("UpdateService", changes.Update)
        .Handle("DeleteService", changes.Delete)
        .Handle("PauseService", changes.Pause)
        .Handle("ResumeService", changes.Resume)
        .Handle("StartDeployment", changes.StartDeployment)
        .Handle("ListOperations", queries.ListOperations);
}
