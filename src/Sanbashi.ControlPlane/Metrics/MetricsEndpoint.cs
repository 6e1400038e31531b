using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Sanbashi.ControlPlane.Metrics;

/// <summary><c>GET /metrics</c> in Prometheus' text format.</summary>
internal sealed class MetricsEndpoint(PlatformMetrics metrics)
{
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/metrics", Serve);

    private async Task Serve(HttpContext context)
    {
        var text = await metrics.Write(context.RequestAborted);
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }
}
