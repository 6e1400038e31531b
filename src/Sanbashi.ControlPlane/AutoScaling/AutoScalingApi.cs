using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.AutoScaling;

/// <summary>The operations on auto scaling configurations.</summary>
internal static class AutoScalingApi
{
    public static void Register(ApiService api, AutoScalingChanges changes, AutoScalingQueries queries) => api
        .Handle("CreateAutoScalingConfiguration", changes.Create)
        .Handle("DescribeAutoScalingConfiguration", queries.Describe)
        .Handle("ListAutoScalingConfigurations", queries.List)
        .Handle("DeleteAutoScalingConfiguration", changes.Delete)
        .Handle("UpdateDefaultAutoScalingConfiguration", changes.UpdateDefault)
        .Handle("ListServicesForAutoScalingConfiguration", queries.ListServices);
}
