using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Metrics.CloudWatch;

/// <summary>The part of CloudWatch that reads metrics, over what was recorded of services.</summary>
internal static class CloudWatchApi
{
    public static ApiService Create(ServiceDocuments documents, MetricDocuments metrics, TimeProvider time) =>
        new ApiService(ServiceModel.LoadEmbedded("cloudwatch"))
            .Handle("GetMetricData", new MetricData(documents, metrics, time).Get)
            .Handle("GetMetricStatistics", new MetricStatistics(documents, metrics, time).Get)
            .Handle("ListMetrics", new MetricList(documents).List);
}
